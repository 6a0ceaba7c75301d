// SPDX-License-Identifier: Apache-2.0

import { setTimeout as sleep } from 'node:timers/promises';
import { type PegClient } from '../client';

/** How long a peer may lag behind the others. */
const catchUpSeconds = 30;

/** Waits until the peers of these clients have the commits' blocks: a peer that has not yet would endorse an older state. */
export async function untilPeersHave(
  clients: readonly PegClient[],
  commits: ReadonlyArray<{ readonly blockNumber: bigint }>,
): Promise<void> {
  const last = commits.reduce((highest, { blockNumber }) => (blockNumber > highest ? blockNumber : highest), 0n);
  const deadline = performance.now() + catchUpSeconds * 1000;
  for (const { connection } of clients) {
    while ((await connection.height()) <= last && performance.now() < deadline) await sleep(50);
  }
}
