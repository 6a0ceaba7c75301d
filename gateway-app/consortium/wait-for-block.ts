// SPDX-License-Identifier: Apache-2.0

import { setTimeout as sleep } from 'node:timers/promises';
import { PegError, type PegClient } from '../client';

/** How long a peer may lag behind the others. */
const catchUpSeconds = 30;

/**
 * Waits until the peers of these clients have the commits' blocks: a peer that has not yet would endorse an older
 * state. One that does not answer is not waited for: what is committed is not to end as a failure.
 */
export async function untilPeersHave(
  clients: readonly PegClient[],
  commits: ReadonlyArray<{ readonly blockNumber: bigint }>,
): Promise<void> {
  const last = commits.reduce((highest, { blockNumber }) => (blockNumber > highest ? blockNumber : highest), 0n);
  const deadline = performance.now() + catchUpSeconds * 1000;
  for (const { connection } of clients) {
    while (!(await has(connection, last)) && performance.now() < deadline) await sleep(50);
  }
}

async function has(connection: Pick<PegClient['connection'], 'height'>, block: bigint): Promise<boolean> {
  try {
    return (await connection.height()) > block;
  } catch (error) {
    if (error instanceof PegError) return true;
    throw error;
  }
}
