// SPDX-License-Identifier: Apache-2.0

import { existsSync } from 'node:fs';

import { networksWithProcesses } from '../drivers/native/marked-processes';
import { fail, ok, problemsOr, type Finding } from './finding';

/** The processes of a network, the folder of which may be gone. */
export interface NetworkProcesses {
  readonly stateDir: string;
  readonly pids: readonly number[];
  readonly isGone: boolean;
}

/** Finds the processes of every network of this user. */
export function readLeftovers(): readonly NetworkProcesses[] {
  return [...networksWithProcesses()].map(([stateDir, pids]) => ({ stateDir, pids, isGone: !existsSync(stateDir) }));
}

/** Judges processes by whether the folder that they belong to is still there. */
export function judgeLeftovers(networks: readonly NetworkProcesses[]): readonly Finding[] {
  const problems = networks
    .filter(({ isGone }) => isGone)
    .map(({ stateDir, pids }) => {
      const summary = `${String(pids.length)} processes of a network run on whose folder ${stateDir} is gone`;
      const remedy = `End them (\`gridpeg --state ${stateDir} down\`, or \`gridpeg doctor --fix\`)`;
      return fail('leftovers', 'PROCESS_LEFT_OVER', summary, remedy, { kind: 'end', stateDir, pids });
    });
  return problemsOr(problems, ok('leftovers', 'no processes of networks that are gone'));
}
