// SPDX-License-Identifier: Apache-2.0

import { type OnProgress } from '@gridpeg/network';

/** Shows the progress in a network: on one line that is overwritten, or else a line for each step that has ended. */
export function networkProgress(interactive: boolean, report: (text: string) => void): OnProgress {
  const running = new Set<string>();
  return ({ step, state, seconds, detail }) => {
    if (state === 'start') running.add(step);
    else running.delete(step);
    if (interactive) {
      report([...running].join(', '));
    } else if (state === 'start') {
      if (detail !== undefined) report(`${step} (${detail})`);
    } else {
      report(`${step}: ${state === 'done' ? '' : 'failed, '}${(seconds ?? 0).toFixed(1)} s`);
    }
  };
}
