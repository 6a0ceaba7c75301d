// SPDX-License-Identifier: Apache-2.0

import { type Finding } from '@gridpeg/network';
import { underLoad, type MachineLoad } from '.';

/** What was found, and how long it took. */
export interface Diagnosis {
  /** No finding is a failure. */
  readonly well: boolean;
  readonly seconds: number;
  readonly findings: readonly Finding[];
}

/**
 * What is found only because an answer did not come in time; on a busy machine that says nothing about who was asked.
 */
const unanswered = new Set([
  'PEER_SILENT',
  'ORDERER_SILENT',
  'CHAINCODE_DOES_NOT_ANSWER',
  'NOTARY_SILENT',
  'NODE_HANGS',
  'CHECK_UNFINISHED',
]);

/**
 * Asks again with longer time limits when answers were missing and the machine was busy, and then says so.
 *
 * @param diagnose - runs all checks, with their time limits multiplied by a number of at least 1
 */
export async function diagnosePatiently(
  diagnose: (slowness: number) => Promise<Diagnosis>,
  measure: typeof underLoad = underLoad,
): Promise<Diagnosis> {
  const { result: first, load } = await measure(() => diagnose(1));
  if (load.factor === 1 || !first.findings.some(isUnanswered)) return first;
  const again = await diagnose(load.factor);
  const findings = again.findings.map((finding) => (isUnanswered(finding) ? qualified(finding, load) : finding));
  return { ...again, seconds: first.seconds + again.seconds, findings };
}

function isUnanswered({ status, code = '' }: Finding): boolean {
  return status !== 'ok' && unanswered.has(code);
}

/** A finding that may be the machine's fault, with advice that does no harm. */
function qualified(finding: Finding, { factor, description }: MachineLoad): Finding {
  const waited =
    `although it was given ${factor.toString()} times as long because this ` + `machine is busy (${description})`;
  const remedy = `Run \`gridpeg doctor\` again when the machine is less busy; if it stays: ${finding.remedy ?? ''}`;
  return { ...finding, what: `${finding.what}, ${waited}`, remedy };
}
