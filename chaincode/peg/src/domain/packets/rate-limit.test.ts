// SPDX-License-Identifier: Apache-2.0

import { type RateLimitUsage } from '@gridpeg/protocol';
import {
  away,
  charging,
  city,
  energy,
  laneBetween,
  laneIdBetween,
  microgrid,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import fc from 'fast-check';
import { shardOf, RateLimiter, type ValueClass } from './rate-limit';

const lane = laneBetween(city, charging, { window: { lengthMs: 60_000n, quantity: 1_001n, shards: 4 } });
const value: ValueClass = { asset: energy, label: away };
const share = 250n;
const txId = txIdNamed('now');
const timeMs = 1_700_000_030_000n;
const startMs = 1_699_999_980_000n;
const limiter = (usages: readonly RateLimitUsage[] = [], at = timeMs): RateLimiter =>
  new RateLimiter(lane, usages, { txId, timeMs: at });
const used = (quantity: bigint, changes: Partial<RateLimitUsage> = {}): RateLimitUsage => ({
  version: 2,
  laneId: lane.id,
  ...value,
  shard: shardOf(lane, txId),
  startMs,
  used: quantity,
  ...changes,
});

describe('PEG-11: a window', () => {
  test('lets a shard move its part of the quantity, rounded down, and not one unit more', () => {
    expect(limiter().allows(value, share)).toBe(true);
    expect(limiter().allows(value, share + 1n)).toBe(false);
    expect(limiter([used(200n)]).allows(value, 50n)).toBe(true);
    expect(limiter([used(200n)]).allows(value, 51n)).toBe(false);
  });
  test('adds up what one transaction moves, and stores a record only when something moved', () => {
    const counting = limiter([used(200n)]);
    expect(counting.close()).toEqual([]);
    counting.count(value, 20n);
    counting.count(value, 30n);
    expect(counting.allows(value, 1n)).toBe(false);
    expect(counting.close()).toEqual([used(250n)]);
  });
  test('starts again with each multiple of its length', () => {
    const before = [used(250n, { startMs: startMs - 60_000n })];
    expect(limiter(before).allows(value, share)).toBe(true);
    expect(limiter([used(250n)], startMs).allows(value, 1n)).toBe(false);
    expect(limiter([used(250n)], startMs + 59_999n).allows(value, 1n)).toBe(false);
    expect(limiter([used(250n)], startMs + 60_000n).allows(value, share)).toBe(true);
  });
  test('T14: dated back, a transaction counts in the later window that has begun', () => {
    const counting = limiter([used(240n)], startMs - 1n);
    expect(counting.allows(value, 11n)).toBe(false);
    counting.count(value, 10n);
    expect(counting.close()).toEqual([used(250n)]);
  });
  test.each<[string, Partial<ValueClass>]>([
    ['asset', { asset: 'city/money' as typeof energy }],
    ['home', { label: { ...away, home: microgrid } }],
    ['way', { label: { ...away, path: [laneIdBetween(microgrid, charging), ...away.path] } }],
    ['way of none', { label: { ...away, path: [] } }],
  ])('T47: counts each %s by itself', (_, changes) => {
    const other = { ...value, ...changes };
    const counting = limiter([used(250n)]);
    expect([counting.allows(value, 1n), counting.allows(other, share)]).toEqual([false, true]);
    counting.count(other, 1n);
    expect(counting.close()).toEqual([used(1n, changes)]);
  });
  test('has shards for transactions all alike', () => {
    const shards = Array.from({ length: 400 }, (_, index) => shardOf(lane, txIdNamed(index.toString())));
    for (const shard of [0, 1, 2, 3]) expect(shards.filter((found) => found === shard).length).toBeGreaterThan(50);
  });
});

test('T11: whatever colluders try, in whatever shards and order, a window moves no more than its quantity', () => {
  const attempt = fc.record({ name: fc.nat(1_000), quantity: fc.bigInt(1n, 300n), atMs: fc.bigInt(0n, 119_999n) });
  fc.assert(
    fc.property(fc.array(attempt, { minLength: 20, maxLength: 200 }), (attempts) => {
      const state = new Map<number, RateLimitUsage>();
      const moved = new Map<bigint, bigint>();
      for (const { name, quantity, atMs } of attempts) {
        const facts = { txId: txIdNamed(name.toString()), timeMs: startMs + atMs };
        const stored = state.get(shardOf(lane, facts.txId));
        const counting = new RateLimiter(lane, stored === undefined ? [] : [stored], facts);
        if (!counting.allows(value, quantity)) continue;
        counting.count(value, quantity);
        for (const usage of counting.close()) {
          state.set(usage.shard, usage);
          moved.set(usage.startMs, (moved.get(usage.startMs) ?? 0n) + quantity);
        }
      }
      for (const total of moved.values()) expect(total).toBeLessThanOrEqual(1_001n);
    }),
  );
});
