// SPDX-License-Identifier: Apache-2.0

import { setTimeout as sleep } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';

import { NetworkError } from '../../runtime/network-error';
import { stillMarked, type MarkedProcess } from './marked-processes';

/** How long a process may take to end that was killed. One that waits for a disk that does not answer does not end. */
const killSeconds = 30;

/**
 * Ends processes at once, and those that they start meanwhile.
 *
 * @param find - finds them
 * @param left - which of them are there still
 * @throws NetworkError NODE_DID_NOT_END, with nodes and process ids
 */
export async function killUntilGone(
  stateDir: string,
  find: () => readonly MarkedProcess[],
  left: typeof stillMarked = stillMarked,
  waitSeconds = killSeconds,
): Promise<void> {
  const deadline = performance.now() + waitSeconds * 1000;
  for (let found = find(); found.length > 0; found = find()) {
    for (const { pid } of found) signal(pid, 'SIGKILL');
    for (let there = left(stateDir, found); there.length > 0; there = left(stateDir, found)) {
      if (performance.now() > deadline) throw notEnded(there, waitSeconds);
      await sleep(10);
    }
    if (performance.now() > deadline && find().length > 0) throw notEnded(find(), waitSeconds);
  }
}

/** A process may end between being found and being told to. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(isNativeError(error) && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function notEnded(processes: readonly MarkedProcess[], seconds: number): NetworkError {
  const names = processes.map(({ node, pid }) => `${node ?? 'a command'} (process ${String(pid)})`).join(', ');
  return new NetworkError(
    'NODE_DID_NOT_END',
    `${names} was killed and had not ended after ${String(seconds)} s`,
    'See with "ps" what it waits for, a disk for example',
  );
}
