// SPDX-License-Identifier: Apache-2.0

import { isNativeError } from 'node:util/types';

import { NetworkError } from '../../runtime/network-error';
import { pollUntil } from '../../runtime/poll-until';
import { stillMarked, type MarkedProcess } from './marked-processes';

/** How long a killed process may take to end. A process that waits for an unresponsive disk does not end. */
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
  let there: readonly MarkedProcess[] = [];
  const areGone = (): boolean => {
    there = there.length === 0 ? [] : left(stateDir, there);
    if (there.length > 0) return false;
    there = find();
    for (const { pid } of there) signal(pid, 'SIGKILL');
    return there.length === 0;
  };
  const gone = await pollUntil(areGone, { timeoutMs: waitSeconds * 1000, pollMs: 10 });
  if (gone === undefined) throw notEnded(there, waitSeconds);
}

/** A process may end after it was found and before the signal reaches it. */
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
    'See with "ps" what it waits for, a disk for example.',
  );
}
