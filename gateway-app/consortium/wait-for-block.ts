// SPDX-License-Identifier: Apache-2.0

import { pollUntil } from '@gridpeg/network';
import { PegError, type PegClient } from '../client';

/** How long to wait for a peer that lags behind the others. */
const catchUpSeconds = 30;

/**
 * Waits until the peers of these clients have the blocks of these commits. A peer without the block would endorse the
 * next transaction on an older state. A peer that does not answer is skipped, because the transactions are committed
 * already and must not be reported as failed.
 */
export async function waitForBlock(
  clients: readonly PegClient[],
  commits: ReadonlyArray<{ readonly blockNumber: bigint }>,
): Promise<void> {
  const last = commits.reduce((highest, { blockNumber }) => (blockNumber > highest ? blockNumber : highest), 0n);
  const deadline = performance.now() + catchUpSeconds * 1000;
  for (const { connection } of clients) {
    await pollUntil(() => has(connection, last), { timeoutMs: deadline - performance.now(), pollMs: 50 });
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
