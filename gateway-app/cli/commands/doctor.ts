// SPDX-License-Identifier: Apache-2.0

import { type Finding } from '@gridpeg/network';
import { type Command } from 'commander';
import { diagnose, fix, type Fixed } from '../../doctor/diagnose';
import { type Diagnosis } from '../../doctor/patient-diagnosis';
import { topologyNamed } from '../../setup/bring-peg-up';
import { examples, handled } from '../context/command-line';
import { type CommandContext } from '../context/command-context';
import { result, type CommandResult } from '../context/command-result';
import { paintStatus } from '../context/paint';

interface DoctorOptions {
  readonly fix?: true;
  readonly docker?: boolean;
  readonly topology?: string;
}

/** `doctor` says what is wrong with machine, network and ledgers, why, and what to do. */
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
    .action(handled(runDoctor));
}

async function runDoctor(
  { stateDir, environment }: CommandContext,
  { fix: fixes, docker = false, topology: named }: DoctorOptions,
): Promise<CommandResult> {
  const topology = named === undefined ? undefined : (): ReturnType<typeof topologyNamed> => topologyNamed(named);
  const options = { stateDir, environment, docker, topology };
  const found = await diagnose(options);
  const { diagnosis, fixed } = fixes === true ? await fix(options, found) : { diagnosis: found, fixed: [] };
  const findings = diagnosis.findings.map(({ fix: known, ...finding }) => ({
    ...finding,
    fixable: known !== undefined,
  }));
  return result({ ...diagnosis, findings, fixed }, diagnosisLines(diagnosis, fixed), diagnosis.well ? 0 : 1);
}

function diagnosisLines(diagnosis: Diagnosis, fixed: readonly Fixed[]): readonly string[] {
  const order = ['ok', 'warn', 'fail'];
  const findings = [...diagnosis.findings].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  return [
    ...fixed.map(({ done, what }) => (done ? `fixed: ${what}` : `not fixed: ${what}`)),
    ...findings.map(({ status, check, code, what, remedy }) => {
      const line = code === undefined ? what : `${code}: ${what}. ${remedy ?? ''}.`;
      return `${paintStatus(status)}  ${check}: ${line}`;
    }),
    summary(diagnosis),
  ];
}

function summary({ findings, seconds }: Diagnosis): string {
  const count = (status: Finding['status']): number => findings.filter((finding) => finding.status === status).length;
  const extent = `${new Set(findings.map(({ check }) => check)).size.toString()} checks in ${seconds.toFixed(1)} s`;
  const [failures, warnings] = [count('fail'), count('warn')];
  const warned = warnings === 0 ? '' : `, ${warnings.toString()} to look at`;
  if (failures === 0) return `All is well: ${extent}${warned}.`;
  const fixable = findings.filter(({ fix }) => fix !== undefined).length;
  const hint = fixable === 0 ? '' : ` \`gridpeg doctor --fix\` does something about ${fixable.toString()} of them.`;
  return `${failures.toString()} found that do not work${warned}: ${extent}.${hint}`;
}
