// SPDX-License-Identifier: Apache-2.0

import { applyFix, judgeEnvironment, networkChecks, type Check, type Finding, type Topology } from '@gridpeg/network';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLoopback } from '../client';
import { cacheDir } from '../consortium/installation';
import { PeggedNetwork } from '../consortium/consortium';
import { describeFailure } from '../errors/describe-failure';
import { ledgerChecks } from './ledger-checks';
import { diagnosePatiently, type Diagnosis } from './patient-diagnosis';
import { CHECK_MS, findingOf, runCheck } from './run-check';

/** The scope of a diagnosis. */
export interface DiagnosisOptions {
  readonly stateDir: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether the container engine is checked although the network may not need it. */
  readonly docker: boolean;
  /** Reads a topology to check as well; one that cannot be read is a finding. */
  readonly topology: (() => Topology) | undefined;
}

/** A finding with the fix that was applied. */
export interface Fixed {
  readonly done: boolean;
  readonly what: string;
}

/** Codes of problems that disappear by themselves soon after a node was started. */
const settling = new Set([
  'PEER_SILENT',
  'ORDERER_SILENT',
  'ORDERERS_WITHOUT_LEADER',
  'PEER_BEHIND',
  'CHAINCODE_DOES_NOT_ANSWER',
  'NOTARY_SILENT',
  'NODE_UNWELL',
]);
const SETTLE_TRIES = 10;

/** Finds out what is wrong with machine, network and ledgers. */
export async function diagnose(options: DiagnosisOptions): Promise<Diagnosis> {
  return diagnosePatiently((slowness) => diagnoseOnce(options, slowness));
}

/**
 * Applies the fixes that lose nothing, and diagnoses again.
 *
 * @returns what is found afterwards, and what was done
 */
export async function fix(
  options: DiagnosisOptions,
  found: Diagnosis,
): Promise<{ readonly diagnosis: Diagnosis; readonly fixed: readonly Fixed[] }> {
  const fixed = await applyFixes(options.stateDir, found.findings);
  return { diagnosis: fixed.length > 0 ? await settled(options) : found, fixed };
}

async function diagnoseOnce(options: DiagnosisOptions, slowness: number): Promise<Diagnosis> {
  const start = performance.now();
  const checks = await Promise.all([machineAndNetwork(options, slowness), ledgers(options, slowness)]);
  const findings = (await Promise.all(checks.flat().map((check) => runCheck(check, CHECK_MS * slowness)))).flat();
  return {
    well: findings.every(({ status }) => status !== 'fail'),
    seconds: Number(((performance.now() - start) / 1000).toFixed(1)),
    findings,
  };
}

async function machineAndNetwork(options: DiagnosisOptions, slowness: number): Promise<readonly Check[]> {
  const { stateDir, environment, docker } = options;
  const topology: Check[] = [];
  let wanted: Topology | undefined;
  try {
    wanted = options.topology?.();
  } catch (error) {
    topology.push({ name: 'topology', run: () => Promise.resolve([findingOf('topology', error)]) });
  }
  const checks = await networkChecks({
    ...{ stateDir, environment, docker, topology: wanted },
    slowness,
    cacheDir: cacheDir(environment),
    fabricBin: environment['GRIDPEG_FABRIC_BIN'] ?? environment['FABRIC_BIN'],
  });
  const judged = (): Promise<readonly Finding[]> =>
    Promise.resolve(judgeEnvironment(environment, remotePeers(stateDir)));
  return [...checks, ...topology, { name: 'environment', run: judged }];
}

/** Endpoints of peers on other machines; there are none when no network can be read. */
function remotePeers(stateDir: string): readonly string[] {
  try {
    const { chains } = PeggedNetwork.read(stateDir).state;
    return chains.flatMap(({ peers }) => peers.map(({ endpoint }) => endpoint)).filter((at) => !isLoopback(at));
  } catch {
    return [];
  }
}

/** Without a network, or with a damaged one, no ledgers can be read; the checks of the network report that. */
async function ledgers({ stateDir }: DiagnosisOptions, slowness: number): Promise<readonly Check[]> {
  try {
    return await ledgerChecks(PeggedNetwork.read(stateDir), stateDir, slowness);
  } catch (error) {
    const { code } = describeFailure(error);
    if (['NETWORK_NOT_UP', 'STATE_UNREADABLE', 'STATE_VERSION', 'PLATFORM_UNSUPPORTED'].includes(code)) return [];
    return [{ name: 'ledgers', run: () => Promise.resolve([findingOf('ledgers', error)]) }];
  }
}

async function applyFixes(stateDir: string, findings: readonly Finding[]): Promise<readonly Fixed[]> {
  const order = ['end', 'remove', 'restrict', 'resume', 'start'];
  const fixes = findings.flatMap(({ fix }) => fix ?? []);
  fixes.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const fixed: Fixed[] = [];
  for (const fix of fixes) {
    try {
      fixed.push({ done: true, what: await applyFix(stateDir, fix) });
    } catch (error) {
      const { code, message } = describeFailure(error);
      fixed.push({ done: false, what: `${code}: ${message}` });
    }
  }
  return fixed;
}

/** Diagnoses again until the nodes that were started work. */
async function settled(options: DiagnosisOptions): Promise<Diagnosis> {
  for (let tries = 1; ; tries += 1) {
    const diagnosis = await diagnosePatiently((slowness) => diagnoseOnce(options, slowness));
    const waits = diagnosis.findings.some(({ status, code = '' }) => status === 'fail' && settling.has(code));
    if (!waits || tries >= SETTLE_TRIES) return diagnosis;
    await sleep(500);
  }
}
