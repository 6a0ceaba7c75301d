// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { laneIdCodec, txIdCodec } from '@gridpeg/protocol';
import { charging, city, configurationOf, laneBetween } from '@gridpeg/protocol/testing';
import { endorserSets } from '../../notary/chains/endorser-sets';
import { relayCandidates, relayRank } from './relay-rank';
import { InFlightTracker } from './in-flight-tracker';

const relays = ['MicrogridMSP', 'ChargingMSP', 'RegulatorMSP'];
const lane = (name: string): ReturnType<typeof laneIdCodec.decode> => laneIdCodec.decode(name, 'laneId');
const tx = (name: string): ReturnType<typeof txIdCodec.decode> =>
  txIdCodec.decode(createHash('sha256').update(name).digest('hex'), 'txId');

describe('whose turn it is', () => {
  test('each relay of a lane has a rank of its own, whatever order it knows them in', () => {
    const ranks = relays.map((name) => relayRank(lane('city-charging'), name, relays));
    expect([...ranks].sort()).toEqual([0, 1, 2]);
    expect(relays.map((name) => relayRank(lane('city-charging'), name, [...relays].reverse()))).toEqual(ranks);
  });

  test('lanes are spread over relays', () => {
    const first = Array.from({ length: 60 }, (_, index) =>
      relays.findIndex((name) => relayRank(lane(`lane-${index}`), name, relays) === 0),
    );
    for (const relay of [0, 1, 2]) expect(first.filter((found) => found === relay).length).toBeGreaterThan(8);
  });

  test('whoever is no candidate comes after all of them', () => {
    expect(relayRank(lane('city-charging'), 'GridMSP', relays)).toBe(3);
  });
});

describe('who takes turns on a lane', () => {
  const [from, to] = [configurationOf(city), configurationOf(charging)];
  const between = laneBetween(city, charging);
  const names = (mspIds: readonly string[]): readonly string[] => [...mspIds].sort();

  test('the notaries that are members of both chains', () => {
    const both = from.members.filter((mspId) => to.members.includes(mspId));
    expect(both.length).toBeGreaterThan(1);
    expect(names(relayCandidates(between, from, to))).toEqual(names(both));
    const [left, ...members] = both;
    expect(relayCandidates(between, { ...from, members }, to)).not.toContain(left);
    expect(relayCandidates(between, from, { ...to, members })).not.toContain(left);
  });

  test('nobody, while a chain is unknown or the destination does not trust the source', () => {
    expect(relayCandidates(between, undefined, to)).toEqual([]);
    expect(relayCandidates(between, from, undefined)).toEqual([]);
    expect(relayCandidates(between, from, { ...to, chains: [] })).toEqual([]);
  });
});

describe('who endorses a proof', () => {
  test('the own organization is asked first, and any single one may be missing', () => {
    const sets = endorserSets(['A', 'B', 'C', 'D'], 3, 'C');
    expect(sets[0]).toEqual(['C', 'A', 'B']);
    for (const missing of ['A', 'B', 'C', 'D']) expect(sets.some((set) => !set.includes(missing))).toBe(true);
    for (const set of sets) expect(new Set(set).size).toBe(3);
  });

  test('there is one set when all must endorse', () => {
    expect(endorserSets(['A', 'B'], 2, 'X')).toEqual([['A', 'B']]);
  });
});

describe('what a relay remembers of its steps', () => {
  const step = { do: 'deliver', txIds: [tx('a'), tx('b')] } as const;

  test('a step that is under way takes a slot and keeps its transactions', () => {
    const tracker = new InFlightTracker();
    tracker.start(step, 0);
    expect(tracker.view(0).underWay).toEqual(new Set(step.txIds));
    expect(tracker.view(0).freeSlots).toEqual({ deliver: 3, settle: 4 });
    expect(tracker.view(0).partSlots).toEqual({ deliver: 1, settle: 1 });
  });

  test('a step that takes very long keeps nothing else waiting', () => {
    const tracker = new InFlightTracker();
    tracker.start({ ...step, do: 'settle' }, 0);
    expect(tracker.view(1_999).partSlots.settle).toBe(0);
    expect(tracker.view(2_000).partSlots.settle).toBe(1);
    expect(tracker.view(2_000).freeSlots.settle).toBe(3);
  });

  test('a failed step holds its transactions, counts, and separates them when asked to', () => {
    const tracker = new InFlightTracker();
    tracker.start(step, 0);
    tracker.end({ step, holdMs: 500, unbatch: true }, 1_000);
    expect(tracker.view(1_200).retryInMs.get(tx('a'))).toBe(300);
    expect(tracker.view(1_200).unbatched).toEqual(new Set(step.txIds));
    expect(tracker.failures(step)).toBe(1);
  });

  test('a success, or having nothing in flight any more, forgets the failure', () => {
    const tracker = new InFlightTracker();
    tracker.end({ step, holdMs: 500, unbatch: true }, 0);
    tracker.end({ step: { do: 'deliver', txIds: [tx('a')] }, holdMs: 0, unbatch: false }, 0);
    expect(tracker.failures({ do: 'deliver', txIds: [tx('a')] })).toBe(0);
    tracker.keepOnly(new Set());
    expect(tracker.failures(step)).toBe(0);
    expect(tracker.view(0).unbatched.size).toBe(0);
  });
});
