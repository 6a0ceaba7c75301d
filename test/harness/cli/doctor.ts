// SPDX-License-Identifier: Apache-2.0

import { startGridpegIn, type Surroundings } from './gridpeg';

/** What `gridpeg doctor --json` says of one thing. */
interface DoctorFinding {
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly code?: string;
  readonly what: string;
  readonly remedy?: string;
}

/** What `gridpeg doctor --json` says. */
export interface DoctorReport {
  readonly well: boolean;
  readonly seconds: number;
  readonly findings: readonly DoctorFinding[];
  readonly fixed: ReadonlyArray<{ readonly done: boolean; readonly what: string }>;
}

/** Runs `gridpeg doctor` and checks that its exit status says what its report says. */
export async function doctor(
  stateDir: string,
  surroundings: Surroundings = {},
  ...parameters: readonly string[]
): Promise<DoctorReport> {
  const ended = await startGridpegIn(surroundings, stateDir, 'doctor', '--json', ...parameters).ended;
  const report = reportIn(ended.stdout, ended.stderr);
  expect(ended.status).toBe(report.well ? 0 : 1);
  return report;
}

/** Everything that is not well, a line each; for one look at all of it when a test fails. */
export function problemsIn({ findings }: DoctorReport): readonly string[] {
  return findings
    .filter(({ status }) => status !== 'ok')
    .map(({ check, status, code, what, remedy }) => `${status} ${check} ${code ?? ''}: ${what}. ${remedy ?? ''}.`);
}

function reportIn(stdout: string, stderr: string): DoctorReport {
  try {
    return JSON.parse(stdout) as DoctorReport;
  } catch {
    throw new Error(`gridpeg doctor --json wrote no JSON:\n${stdout}\n${stderr}`);
  }
}
