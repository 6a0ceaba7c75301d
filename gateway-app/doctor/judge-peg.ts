// SPDX-License-Identifier: Apache-2.0

import { type Finding } from '@gridpeg/network';
import { type Configuration } from '@gridpeg/protocol';
import { fail } from './finding';

/** A chain's peg configuration, as it is on the ledger and as topology and keys would have it. */
export interface ConfigurationFacts {
  readonly chain: string;
  /** The refusal's code when there is none; undefined when nobody could be asked. */
  readonly onLedger: Configuration | string | undefined;
  /** Undefined when the state folder does not say it. */
  readonly wanted: Configuration | undefined;
}

/** A notary of the committee. */
export interface NotaryFacts {
  readonly mspId: string;
  readonly node: string;
  readonly state: 'running' | 'paused' | 'dead' | 'never started';
  readonly answers: boolean;
  /** Ids of the lanes on which it last found a full window. */
  readonly fullLanes: readonly string[];
  /** The code of what keeps it from signing, when something does. */
  readonly signingError: string | undefined;
  /** Base64 of its public key as the state folder has it; undefined when it is not there. */
  readonly publicKey: string | undefined;
}

/** Judges every chain's configuration against topology and keys. */
export function judgeConfigurations(chains: readonly ConfigurationFacts[]): readonly Finding[] {
  const check = 'peg configuration';
  const problems = chains.flatMap(({ chain, onLedger, wanted }): readonly Finding[] => {
    if (onLedger === undefined) return [];
    if (typeof onLedger === 'string') {
      const what = `${chain} has no peg configuration yet: an \`up\` did not come to its end`;
      return [{ check, status: 'fail', code: 'NETWORK_HALF_STARTED', what, remedy: 'Run `gridpeg up` again' }];
    }
    if (wanted === undefined || sameExceptKeys(onLedger, wanted)) return [];
    // What came later was put in force by the organizations together, and the topology is only where they began.
    const isGoverned = onLedger.sequence > 1;
    const what = isGoverned
      ? `the configuration in force on ${chain} (number ${onLedger.sequence.toString()}) is not that of the ` +
        'topology: the organizations changed it'
      : `the configuration on ${chain} is not that of the topology`;
    const remedy = isGoverned
      ? 'Nothing, if they meant it; `gridpeg status` shows what is in force'
      : 'Put the one of the topology in force with `gridpeg governance propose`';
    return [{ check, status: isGoverned ? 'warn' : 'fail', code: 'CONFIGURATION_DIFFERS', what, remedy }];
  });
  if (problems.length > 0) return problems;
  const answering = chains.filter(({ onLedger }) => onLedger !== undefined);
  if (answering.length === 0) return [];
  return [{ check, status: 'ok', what: `in force on ${answering.map(({ chain }) => chain).join(', ')}` }];
}

/** Judges every notary by whether it answers, and whether the ledgers know its key. */
export function judgeNotaries(
  notaries: readonly NotaryFacts[],
  chains: readonly ConfigurationFacts[],
): readonly Finding[] {
  const check = 'notaries';
  const problems = notaries.flatMap((notary) => [
    ...silentFindings(check, notary),
    ...keyFindings(check, notary, chains),
  ]);
  problems.push(...windowFindings(notaries, chains));
  if (problems.length > 0 || notaries.length === 0) return problems;
  return [{ check, status: 'ok', what: `${notaries.length.toString()} answer, and the ledgers know their keys` }];
}

/** Lanes that wait for room in their window, each once, and what the ledgers let in at a time. */
function windowFindings(notaries: readonly NotaryFacts[], chains: readonly ConfigurationFacts[]): readonly Finding[] {
  const lanes = new Set(notaries.flatMap(({ fullLanes }) => fullLanes));
  return [...lanes].map((laneId) => {
    const windows = chains.flatMap(({ chain, onLedger }) => {
      const lane = typeof onLedger === 'object' ? onLedger.lanes.find(({ id }) => id === laneId) : undefined;
      return lane === undefined
        ? []
        : [`${chain} ${lane.window.quantity.toString()} in ${(lane.window.lengthMs / 1000n).toString()} s`];
    });
    return {
      ...{ check: 'notaries', status: 'warn', code: 'LANE_WINDOW_FULL' },
      what: `lane ${laneId} waits for room in its window (${windows.join(', ')})`,
      remedy:
        '`gridpeg transfer why <packet id>` says when the next window begins, or that the members must raise the limit',
    };
  });
}

function silentFindings(check: string, { mspId, node, state, answers, signingError }: NotaryFacts): readonly Finding[] {
  if (signingError !== undefined) {
    const what = `notary ${node} runs and cannot sign: ${signingError}`;
    const remedy =
      `Make room on its disk, or mend what \`gridpeg explain ${signingError}\` and ` +
      `\`gridpeg logs ${node}\` name; it heals by itself`;
    return [fail(check, 'NOTARY_CANNOT_SIGN', what, remedy)];
  }
  if (state === 'never started') {
    return [fail(check, 'NOTARY_SILENT', `the notary of ${mspId} was never started`, 'Run `gridpeg up`')];
  }
  // A dead or paused service has a finding among the nodes.
  if (answers || state !== 'running') return [];
  const remedy = `Read \`gridpeg logs ${node}\`, or restart it (\`gridpeg restart ${node}\`)`;
  return [fail(check, 'NOTARY_SILENT', `notary ${node} runs, and does not answer`, remedy)];
}

function keyFindings(
  check: string,
  { mspId, publicKey }: NotaryFacts,
  chains: readonly ConfigurationFacts[],
): readonly Finding[] {
  if (publicKey === undefined) return [];
  const strangers = chains.filter(({ onLedger }) => {
    const known = typeof onLedger === 'object' ? keysOf(onLedger, mspId) : [];
    return known.length > 0 && !known.includes(publicKey);
  });
  if (strangers.length === 0) return [];
  const names = strangers.map(({ chain }) => chain).join(', ');
  const what = `the signing key of ${mspId}'s notary is not the one on ${names}: nobody accepts its signatures`;
  const remedy = 'Restore the key in the state folder, or let the organizations put the new one in force';
  return [fail(check, 'NOTARY_KEY_DIFFERS', what, remedy)];
}

function keysOf({ chains }: Configuration, mspId: string): readonly string[] {
  return chains.flatMap(({ committee }) =>
    committee.notaries.filter((notary) => notary.mspId === mspId).map(({ publicKey }) => publicKey),
  );
}

/** Compares keys one by one, to say whose key differs. */
function sameExceptKeys(a: Configuration, b: Configuration): boolean {
  const text = (configuration: Configuration): string =>
    JSON.stringify({ ...configuration, sequence: 1 }, (name, value: unknown) =>
      name === 'publicKey' ? '' : typeof value === 'bigint' ? value.toString() : value,
    );
  return text(a) === text(b);
}
