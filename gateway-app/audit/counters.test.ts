// SPDX-License-Identifier: Apache-2.0

import { recordLedgers, type RecordedLedger } from '@gridpeg/peg/testing';
import { type AuditTransaction, type StateWrite } from './blocks/audit-block';
import { readLedgers, type Change } from './testing/recorded-blocks';

let ledgers: readonly RecordedLedger[];
beforeAll(async () => {
  ledgers = (await recordLedgers()).value;
});

const typeOf = ({ key }: StateWrite): string => key.split('\u0000')[1] ?? '';
type Counter = 'usage' | 'asset-usage';
const counters: readonly Counter[] = ['usage', 'asset-usage'];
/** Changes the counters of one type that the transaction of this id wrote. */
const changing =
  (id: string, type: Counter, change: (write: StateWrite) => readonly StateWrite[]): Change =>
  (found) =>
    found.txId === id
      ? { ...found, writes: found.writes.flatMap((w) => (typeOf(w) === type ? change(w) : [w])) }
      : found;
const found = async (change: Change): Promise<readonly unknown[]> =>
  (await readLedgers(ledgers, change)).findings
    .filter(({ rule }) => rule === 'COUNTER_DIFFERS')
    .map(({ txId }) => txId);
/** The transactions that wrote counters of a type. */
const counting = (type: Counter): readonly string[] =>
  ledgers
    .flatMap(({ transactions }) => transactions)
    .filter(({ writes }) => writes.some(([key]) => key.startsWith(`\u0000${type}\u0000`)))
    .map(({ call }) => call.txId);
const rewritten = (from: RegExp, to: (digits: string) => string) => (write: StateWrite) => [
  { ...write, value: write.value?.replace(from, (_, name: string, digits: string) => `${name}"${to(digits)}"`) },
];

describe.each(counters)('PEG-11, T27: the audit recomputes each counter of type %s', (type) => {
  const by = (difference: bigint) => (digits: string) => (BigInt(digits) + difference).toString();

  test('and finds one unit more or less, in the transaction that wrote it', async () => {
    const ids = counting(type);
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) {
      for (const difference of [1n, -1n]) {
        expect(await found(changing(id, type, rewritten(/("used":)"(\d+)"/u, by(difference))))).toContain(id);
      }
    }
  });

  test('and finds another window than that of the time, one that is missing, and one of nothing', async () => {
    const [id = ''] = counting(type);
    expect(await found(changing(id, type, rewritten(/("startMs":)"(\d+)"/u, by(-3_600_000n))))).toEqual([id]);
    expect(await found(changing(id, type, () => []))).toContain(id);
    const extra: Change = (each, chain) => {
      const name = type === 'usage' ? 'charging' : 'city';
      if (chain !== name || each.call.name !== 'peg:send') return each;
      const write = ledgers
        .flatMap(({ transactions }) => transactions)
        .flatMap(({ writes }) => writes)
        .find(([key]) => key.startsWith(`\u0000${type}\u0000`));
      return { ...each, writes: [...each.writes, { key: write![0], value: write![1] }] };
    };
    expect(await found(extra)).not.toEqual([]);
  });
});

test('PEG-11, T27: a counter starts from what it was, until its window is over', async () => {
  const again = 'b'.repeat(64);
  /** The same issue once more, of which the counter says this many times as much, later. */
  const twice =
    (times: bigint, laterMs = 0n): Change =>
    (each) => {
      if (each.call.name !== 'peg:issue') return each;
      const timeMs = each.timeMs + laterMs;
      const writes = each.writes.flatMap((write) => {
        const key = write.key.replaceAll(each.txId, again);
        if (typeOf(write) === 'supply') return [{ ...write, key }];
        if (typeOf(write) !== 'asset-usage') return [];
        const { used, ...others } = JSON.parse(write.value ?? '') as { used: string };
        const startMs = (timeMs - (timeMs % 3_600_000n)).toString();
        return [{ ...write, value: JSON.stringify({ ...others, startMs, used: (BigInt(used) * times).toString() }) }];
      });
      return [each, { ...each, txId: again, timeMs, writes }];
    };
  expect(await found(twice(2n))).toEqual([]);
  expect(await found(twice(1n))).toEqual([again]);
  expect(await found(twice(1n, 3_600_000n))).toEqual([]);
  expect(await found(twice(2n, 3_600_000n))).toEqual([again]);
});

describe('T27: ledgers from before windows counted by label', () => {
  const isUsage = (write: StateWrite): boolean => typeOf(write) === 'usage';
  /** As those ledgers counted, whatever the sum. */
  const byAsset = (write: StateWrite): StateWrite => {
    const { laneId, asset, shard, startMs, used } = JSON.parse(write.value ?? '') as Record<string, unknown>;
    return {
      key: `\u0000usage\u0000${[laneId, asset, shard].map(String).join('\u0000')}\u0000`,
      value: JSON.stringify({ version: 1, laneId, asset, shard, startMs, used }),
    };
  };
  const rewriting = (each: AuditTransaction): AuditTransaction => ({
    ...each,
    writes: each.writes.map((write) => (isUsage(write) ? byAsset(write) : write)),
  });

  test('are believed what they counted by asset, but none goes back to it', async () => {
    expect(await found(rewriting)).toEqual([]);
    const ids = new Map(
      ledgers.map(({ chainId, transactions }) => [
        chainId,
        transactions.filter(({ writes }) => writes.some(([key]) => key.startsWith('\u0000usage\u0000'))),
      ]),
    );
    const last = [...ids.values()].find(({ length }) => length > 1)!.at(-1)!.call.txId;
    expect(await found((each) => (each.txId === last ? rewriting(each) : each))).toEqual([last]);
  });
});
