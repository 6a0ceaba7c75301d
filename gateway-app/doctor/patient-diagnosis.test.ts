// SPDX-License-Identifier: Apache-2.0

import { type Finding } from '@gridpeg/network';
import { type MachineLoad } from '.';
import { diagnosePatiently, type Diagnosis } from './patient-diagnosis';

const silent: Finding = { check: 'chain city', status: 'fail', code: 'PEER_SILENT', what: 'silent', remedy: 'Restart' };
const dead: Finding = { check: 'nodes', status: 'fail', code: 'NODE_DEAD', what: 'dead', remedy: 'Start it' };
const ok: Finding = { check: 'chain city', status: 'ok', what: 'fine' };

/** Gives these findings one after the other, and remembers with which time limits it was asked. */
function doctorThatFinds(...rounds: readonly (readonly Finding[])[]): {
  readonly asked: number[];
  readonly diagnose: (slowness: number) => Promise<Diagnosis>;
} {
  const asked: number[] = [];
  const diagnose = (slowness: number): Promise<Diagnosis> => {
    const findings = rounds[asked.push(slowness) - 1] ?? [];
    return Promise.resolve({ well: findings.every(({ status }) => status !== 'fail'), seconds: 1, findings });
  };
  return { asked, diagnose };
}

function loaded(load: MachineLoad) {
  return async <T>(work: () => Promise<T>): Promise<{ result: T; load: MachineLoad }> => ({
    result: await work(),
    load,
  });
}
const busy = loaded({ factor: 4, description: 'load 8.0 on 2 processors' });
const quiet = loaded({ factor: 1, description: 'load 0.5 on 2 processors' });

describe('the doctor, when answers are missing', () => {
  test('asks again with longer time limits on a busy machine, and then finds healthy nodes healthy', async () => {
    const { asked, diagnose } = doctorThatFinds([silent], [ok]);
    expect(await diagnosePatiently(diagnose, busy)).toEqual({ well: true, seconds: 2, findings: [ok] });
    expect(asked).toEqual([1, 4]);
  });

  test('says that the machine is busy before it advises anything, when they are missing again', async () => {
    const { diagnose } = doctorThatFinds([silent, dead], [silent, dead]);
    const { findings, well } = await diagnosePatiently(diagnose, busy);
    expect(well).toBe(false);
    expect(findings).toEqual([
      {
        ...silent,
        what: 'silent, although it was given 4 times as long because this machine is busy (load 8.0 on 2 processors)',
        remedy: 'Run `gridpeg doctor` again when the machine is less busy; if it stays: Restart',
      },
      dead,
    ]);
  });

  test('asks once on a machine with processors to spare', async () => {
    const { asked, diagnose } = doctorThatFinds([silent]);
    expect((await diagnosePatiently(diagnose, quiet)).findings).toEqual([silent]);
    expect(asked).toEqual([1]);
  });

  test('asks once for what no longer waiting would change', async () => {
    const { asked, diagnose } = doctorThatFinds([dead, ok]);
    expect((await diagnosePatiently(diagnose, busy)).findings).toEqual([dead, ok]);
    expect(asked).toEqual([1]);
  });
});
