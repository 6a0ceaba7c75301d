// SPDX-License-Identifier: Apache-2.0

import { applyFix, judgeEnvironment, networkChecks, type Check, type Finding } from '@gridpeg/network';
import { type Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLoopback } from '../../client';
import { topologyNamed } from '../../setup/bring-peg-up';
import { cacheDir } from '../../consortium/installation';
import { toJson, type CommandContext } from '../context/command-context';
import { contextOf, examples } from '../context/command-line';
import { describeFailure } from '../../errors/describe-failure';
import { ledgerChecks } from '../../doctor/ledger-checks';
import { paintStatus } from '../context/paint';
import { diagnosePatiently, type Diagnosis } from '../../doctor/patient-diagnosis';
import { PeggedNetwork } from '../../consortium/consortium';
import { CHECK_MS, findingOf, runCheck } from '../../doctor/run-check';

interface DoctorOptions {
  readonly fix?: boolean;
  readonly docker?: boolean;
  readonly topology?: string;
}

/** What was done about a finding. */
interface Fixed {
  readonly done: boolean;
  readonly what: string;
}

/** What goes away by itself soon after a node was started. */
const settling = new Set([
  'PEER_SILENT',
  'ORDERER_SILENT',
  'PEER_BEHIND',
  'CHAINCODE_DOES_NOT_ANSWER',
  'NOTARY_SILENT',
  'NODE_UNWELL',
]);
const SETTLE_TRIES = 10;

/** `doctor`: what is wrong with machine, network and ledgers, why, and what to do. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('find out what is wrong with machine, network and ledgers; exit status 0 only if nothing fails')
    .option('--fix', 'do what can be done without losing anything: never touches a ledger or what a key holds')
    .option('--docker', 'check the container engine too (a network that runs in containers is enough for that)')
    .option('--topology <name|file>', 'check this topology too, and whether the network is made of it')
    .addHelpText(
      'after',
      examples(
        ['gridpeg doctor', 'one line a check, each failure with its cause and what to do'],
        ['gridpeg doctor --fix', 'starts dead nodes, resumes paused ones, restricts keys, ends what was left over'],
      ),
    )
    .action(async (options: DoctorOptions, command: Command) => {
      const context = contextOf(command);
      const found = await diagnosePatiently((slowness) => diagnose(context, options, slowness));
      const fixed = options.fix === true ? await applyFixes(context, found.findings) : [];
      const diagnosis = fixed.length > 0 ? await settled(context, options) : found;
      printDiagnosis(diagnosis, fixed, context);
      if (!diagnosis.well) process.exitCode = 1;
      // A connection to a node that hangs would keep the process alive until it times out.
      setTimeout(() => process.exit(), 100).unref();
    });
}

async function diagnose(context: CommandContext, options: DoctorOptions, slowness: number): Promise<Diagnosis> {
  const start = performance.now();
  const checks = await Promise.all([machineAndNetwork(context, options, slowness), ledgers(context, slowness)]);
  const findings = (await Promise.all(checks.flat().map((check) => runCheck(check, CHECK_MS * slowness)))).flat();
  return {
    well: findings.every(({ status }) => status !== 'fail'),
    seconds: Number(((performance.now() - start) / 1000).toFixed(1)),
    findings,
  };
}

async function machineAndNetwork(
  context: CommandContext,
  options: DoctorOptions,
  slowness: number,
): Promise<readonly Check[]> {
  const { stateDir, environment } = context;
  const named = options.topology;
  const topology: Check[] = [];
  let wanted: ReturnType<typeof topologyNamed> | undefined;
  try {
    wanted = named === undefined ? undefined : topologyNamed(named);
  } catch (error) {
    topology.push({ name: 'topology', run: () => Promise.resolve([findingOf('topology', error)]) });
  }
  const checks = await networkChecks({
    ...{ stateDir, environment, docker: options.docker ?? false, topology: wanted },
    slowness,
    cacheDir: cacheDir(environment),
    fabricBin: environment['GRIDPEG_FABRIC_BIN'] ?? environment['FABRIC_BIN'],
  });
  const judged = (): Promise<readonly Finding[]> =>
    Promise.resolve(judgeEnvironment(environment, remotePeers(stateDir)));
  return [...checks, ...topology, { name: 'environment', run: judged }];
}

/** Endpoints of peers on other machines; none where there is no network that can be read. */
function remotePeers(stateDir: string): readonly string[] {
  try {
    const { chains } = PeggedNetwork.read(stateDir).state;
    return chains.flatMap(({ peers }) => peers.map(({ endpoint }) => endpoint)).filter((at) => !isLoopback(at));
  } catch {
    return [];
  }
}

/** Where no network is, or a damaged one, there are no ledgers to look at; the checks of the network say so. */
async function ledgers({ stateDir }: CommandContext, slowness: number): Promise<readonly Check[]> {
  try {
    return await ledgerChecks(PeggedNetwork.read(stateDir), stateDir, slowness);
  } catch (error) {
    const { code } = describeFailure(error);
    if (['NETWORK_NOT_UP', 'STATE_UNREADABLE', 'STATE_VERSION', 'PLATFORM_UNSUPPORTED'].includes(code)) return [];
    return [{ name: 'ledgers', run: () => Promise.resolve([findingOf('ledgers', error)]) }];
  }
}

async function applyFixes({ stateDir }: CommandContext, findings: readonly Finding[]): Promise<readonly Fixed[]> {
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

/** Looks again until what was started has found its way back. */
async function settled(context: CommandContext, options: DoctorOptions): Promise<Diagnosis> {
  for (let tries = 1; ; tries += 1) {
    const diagnosis = await diagnosePatiently((slowness) => diagnose(context, options, slowness));
    const waits = diagnosis.findings.some(({ status, code = '' }) => status === 'fail' && settling.has(code));
    if (!waits || tries >= SETTLE_TRIES) return diagnosis;
    await sleep(500);
  }
}

function printDiagnosis(diagnosis: Diagnosis, fixed: readonly Fixed[], { json, print }: CommandContext): void {
  if (json) {
    const findings = diagnosis.findings.map(({ fix, ...finding }) => ({ ...finding, fixable: fix !== undefined }));
    print(toJson({ ...diagnosis, findings, fixed }));
    return;
  }
  for (const { done, what } of fixed) print(done ? `fixed: ${what}` : `not fixed: ${what}`);
  const order = ['ok', 'warn', 'fail'];
  const findings = [...diagnosis.findings].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  for (const { status, check, code, what, remedy } of findings) {
    const told = code === undefined ? what : `${code}: ${what}. ${remedy ?? ''}.`;
    print(`${paintStatus(status)}  ${check}: ${told}`);
  }
  print(summary(diagnosis));
}

function summary({ findings, seconds }: Diagnosis): string {
  const count = (status: Finding['status']): number => findings.filter((finding) => finding.status === status).length;
  const looked = `${new Set(findings.map(({ check }) => check)).size.toString()} checks in ${seconds.toFixed(1)} s`;
  const [failures, warnings] = [count('fail'), count('warn')];
  const warned = warnings === 0 ? '' : `, ${warnings.toString()} to look at`;
  if (failures === 0) return `All is well: ${looked}${warned}.`;
  const fixable = findings.filter(({ fix }) => fix !== undefined).length;
  const hint = fixable === 0 ? '' : ` \`gridpeg doctor --fix\` does something about ${fixable.toString()} of them.`;
  return `${failures.toString()} found that do not work${warned}: ${looked}.${hint}`;
}
