// SPDX-License-Identifier: Apache-2.0

import { type ObjectType, parseStateKey } from '@gridpeg/protocol';
import { recordHistories } from './testing/record-histories';
import { contractFunctions, Replay } from './testing/recorded-channel';

/** docs/spec/06-ledger.md: which function writes which records. */
const inForce: readonly ObjectType[] = ['configuration', 'chain', 'asset', 'trust', 'lane', 'notary'];
const mayWrite: Readonly<Record<string, readonly ObjectType[]>> = {
  'peg:issue': ['note', 'supply', 'asset-usage'],
  'peg:transfer': ['note'],
  'peg:retire': ['note', 'supply'],
  'peg:send': ['note', 'escrow', 'outbox', 'lane-inflight'],
  'peg:mergeEscrow': ['escrow'],
  'peg:receive': ['note', 'escrow', 'supply', 'outbox', 'lane-inflight', 'receipt', 'usage'],
  'peg:settle': ['note', 'escrow', 'lane-inflight', 'settled'],
  'governance:approveConfiguration': ['approval'],
  'governance:commitConfiguration': inForce,
  'governance:propose': ['proposal', 'consent'],
  'governance:approve': ['consent'],
  'governance:withdraw': ['proposal', 'consent'],
  'governance:execute': [
    ...inForce,
    'standing',
    'asset-standing',
    'replacement',
    'proposal',
    'committee',
    'former-trust',
  ],
  'governance:rotate': [...inForce, 'committee'],
  'governance:submitEvidence': ['standing', 'notary', 'evidence'],
  'evidence:declareAbsence': ['absence'],
};

test('T09, PEG-8: each function writes the records of the specification; none of `peg` writes trust', async () => {
  const histories = await recordHistories();
  const replay = await Replay.of(histories);
  const written = new Map(contractFunctions().map((name) => [name, new Set<string>()]));
  for (const [history, { calls }] of histories.entries()) {
    for (const call of calls.keys()) {
      const { name, result } = replay.again({ history, call, on: call }, (same) => same);
      const [, writes] = (await result()) as [unknown, [key: string, value: string | undefined][]];
      for (const [key] of writes) written.get(name)?.add(parseStateKey(key)!.type);
    }
  }
  for (const [name, types] of written) {
    const strange = [...types].filter((type) => !(mayWrite[name] ?? []).some((allowed) => allowed === type));
    expect([name, strange]).toEqual([name, []]);
  }
  // Those that write at all have done so here.
  expect([...written].filter(([, types]) => types.size > 0).map(([name]) => name)).toEqual(Object.keys(mayWrite));
});
