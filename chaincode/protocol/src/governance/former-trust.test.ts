// SPDX-License-Identifier: Apache-2.0

import { charging, city, configurationOf, trustIn, txIdNamed } from '../testing';
import { type Configuration } from '../records/configuration';
import { type FormerTrust, formerTrustAfter, unexpiredTrust } from './former-trust';

const previous = configurationOf(charging);
const [first, ...others] = previous.chains;
const narrower: Configuration = {
  ...previous,
  sequence: 2,
  chains: [{ ...first!, minimumOrganizations: 3 }, ...others],
};
const timeMs = 1_700_000_000_000n;
const kept = (slot: number, untilMs: bigint, chainId = first!.chainId): FormerTrust => ({
  ...{ version: 1, slot, trust: trustIn(chainId), untilMs, txId: txIdNamed('before') },
});
const after = (known: readonly FormerTrust[], next = narrower): readonly FormerTrust[] | undefined =>
  formerTrustAfter(next, previous, { txId: txIdNamed('urgent'), timeMs, known });

test('a trust record is kept for the long delay and twice the skew', () => {
  const untilMs = timeMs + 86_400_000n + 120_000n;
  expect(after([])).toEqual([{ version: 1, slot: 0, trust: first, untilMs, txId: txIdNamed('urgent') }]);
  expect(unexpiredTrust(after([])!, untilMs - 1n)).toHaveLength(1);
  expect(unexpiredTrust(after([])!, untilMs)).toEqual([]);
});

test('it takes the first place that is free: what is over, or is another chain’s, takes none', () => {
  const over = kept(0, timeMs);
  const still = kept(0, timeMs + 1n);
  const elsewhere = kept(1, timeMs + 1n, first!.chainId === city ? charging : city);
  expect(after([over])?.map(({ slot }) => slot)).toEqual([0]);
  expect(after([still, elsewhere])?.map(({ slot }) => slot)).toEqual([1]);
  expect(after([still, kept(2, timeMs + 1n)])?.map(({ slot }) => slot)).toEqual([1]);
});

test('each chain that a change narrows has places of its own', () => {
  const both = { ...narrower, chains: previous.chains.map((each) => ({ ...each, minimumOrganizations: 3 })) };
  const full = Array.from({ length: 8 }, (_, slot) => kept(slot, timeMs + 1n));
  expect(after([], both)?.map(({ slot, trust }) => [slot, trust.chainId])).toEqual(
    previous.chains.map(({ chainId }) => [0, chainId]),
  );
  expect(after(full.slice(0, 7))?.map(({ slot }) => slot)).toEqual([7]);
  expect(after(full)).toBeUndefined();
  expect(after(full, both)).toBeUndefined();
});

test('nothing is kept by a change that waits, or that leaves trust records alone', () => {
  expect(after([], { ...narrower, delayMs: 1n })).toBeUndefined();
  expect(after([], { ...previous, sequence: 2, lanes: previous.lanes.slice(1) })).toEqual([]);
});
