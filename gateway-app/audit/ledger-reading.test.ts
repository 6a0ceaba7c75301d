// SPDX-License-Identifier: Apache-2.0

import { LedgerReading } from './ledger-reading';
import { longSource, type Length } from './testing/long-ledger';

/**
 * Reads a ledger that is made as it is read, and says what is kept of it, and what is wrong but for its unapproved
 * beginning.
 */
async function kept(length: Length) {
  const reading = new LedgerReading([longSource(length)]);
  const { findings, chains } = await reading.audit();
  expect(chains[0]?.height).toBe(BigInt(length.transfers + length.sends + 1));
  return { kept: reading.kept(), later: findings.filter(({ block }) => block !== undefined && block > 0n) };
}

test('T34: what an audit keeps grows with what is alive, not with the number of blocks', async () => {
  const young = await kept({ transfers: 50, sends: 40 });
  const old = await kept({ transfers: 500, sends: 40 });
  expect(young.later).toEqual([]);
  expect(old.later).toEqual([]);
  expect(old.kept).toEqual(young.kept);
  expect(old.kept).toEqual({ chains: [{ lane: 1, note: 1, escrow: 40, inflight: 40 }], crossings: 40 });
});
