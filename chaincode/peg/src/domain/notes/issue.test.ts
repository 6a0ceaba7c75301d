// SPDX-License-Identifier: Apache-2.0

import { assetIdCodec, limits, noteIdOf, type Asset, type AssetUsage, type TransferRequest } from '@gridpeg/protocol';
import {
  accountNamed,
  alice,
  bob,
  charging,
  city,
  codeOf,
  configurationOf,
  energy,
  energyAsset,
  home,
  refusalOf,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { issue, type IssueView } from './issue';
import type { Transaction } from '../transaction';

const hourMs = 3_600_000n;
const startMs = 1_699_999_200_000n;
const { members } = configurationOf(city);
const now: Transaction = { chainId: city, txId: txIdNamed('now'), timeMs: startMs + 800_000n, caller: alice, members };
const output = (quantity: bigint, recipient = bob): TransferRequest['outputs'][number] => ({
  recipient,
  quantity,
  memo: 'new',
});
const request = { asset: energy, outputs: [output(60n), output(40n, alice)] };
const viewOf = (changes: Partial<IssueView> = {}, asset: Partial<Asset> = {}): IssueView => ({
  asset: { ...energyAsset, ...asset },
  status: undefined,
  usage: undefined,
  shard: 0,
  ...changes,
});
const used = (quantity: bigint, at = startMs): AssetUsage => ({
  version: 1,
  asset: energy,
  shard: 0,
  startMs: at,
  used: quantity,
});

describe('issue', () => {
  test('makes a note an output, at home, records the supply and counts it', () => {
    const changes = issue(viewOf(), request, now);
    const note = { version: 1, asset: energy, label: home, memo: 'new' };
    expect(changes.notes).toEqual([
      { ...note, id: noteIdOf(bob, now.txId, 0), owner: bob, quantity: 60n },
      { ...note, id: noteIdOf(alice, now.txId, 1), owner: alice, quantity: 40n },
    ]);
    expect(changes.supply).toEqual([{ version: 1, kind: 'issued', asset: energy, quantity: 100n, account: alice }]);
    expect(changes.assetUsages).toEqual([used(100n)]);
    expect([changes.spentNotes, changes.escrow, changes.packets, changes.receipts, changes.usages]).toEqual([
      ...[[], [], [], [], []],
    ]);
  });
  test('PEG-5, T45: by an account that the asset does not name is refused, of whatever organization', () => {
    for (const name of [
      'GridMSP/bob',
      'GridMSP/Admin@GridMSP',
      'GridMSP2/alice',
      'GridMSP/alice2',
      'ChargingMSP/alice',
    ]) {
      const caller = accountNamed(name);
      expect(refusalOf(() => issue(viewOf(), request, { ...now, caller }))).toEqual({
        code: 'NOT_ISSUER',
        asset: energy,
      });
    }
  });
  test('PEG-5, T45: each account that the asset names may, and where it names none nobody', () => {
    for (const caller of energyAsset.issuers)
      expect(issue(viewOf(), request, { ...now, caller }).notes).toHaveLength(2);
    for (const caller of energyAsset.issuers) {
      expect(codeOf(() => issue(viewOf({}, { issuers: [] }), request, { ...now, caller }))).toBe('NOT_ISSUER');
    }
  });
  test('PEG-5: away from home is refused', () => {
    expect(codeOf(() => issue(viewOf(), request, { ...now, chainId: charging }))).toBe('ASSET_NOT_AT_HOME');
    const alike = viewOf({}, { id: assetIdCodec.decode('city2/energy', '') });
    expect(codeOf(() => issue(alike, request, now))).toBe('ASSET_NOT_AT_HOME');
  });
  test('T31: to an account of no member is refused, in whatever output', () => {
    for (const name of ['FooMSP/nobody@nowhere', 'chargingmsp/bob', 'ChargingMSP2/bob']) {
      const recipient = accountNamed(name);
      const outputs = [output(60n), output(40n, recipient)];
      expect(refusalOf(() => issue(viewOf(), { ...request, outputs }, now))).toEqual({
        code: 'RECIPIENT_UNKNOWN',
        recipient,
      });
    }
  });
  test('T26: of more than the greatest quantity in all is refused', () => {
    const outputs = [output(limits.quantity), output(1n)];
    expect(codeOf(() => issue(viewOf(), { ...request, outputs }, now))).toBe('QUANTITY_TOO_LARGE');
    expect(codeOf(() => issue(viewOf(), { ...request, outputs: [output(limits.quantity)] }, now))).toBe('accepted');
  });
  test('PEG-15, T45: stops while the asset is paused, and goes on once it is open again', () => {
    const status = { version: 1 as const, asset: energy, sequence: 1, txId: now.txId };
    const paused = viewOf({ status: { ...status, state: 'paused' } });
    expect(refusalOf(() => issue(paused, request, now))).toEqual({ code: 'ASSET_PAUSED', asset: energy });
    expect(codeOf(() => issue(viewOf({ status: { ...status, state: 'open' } }), request, now))).toBe('accepted');
  });
});

describe('PEG-15, T45: the window of issuing', () => {
  const window = { lengthMs: hourMs, quantity: 1_003n, shards: 4 };
  const attempt = (quantity: bigint, usage?: AssetUsage, timeMs = now.timeMs): unknown =>
    refusalOf(() =>
      issue(viewOf({ usage }, { window }), { ...request, outputs: [output(quantity)] }, { ...now, timeMs }),
    );

  test('lets a transaction make its shard’s part, rounded down, and no more in however many outputs', () => {
    expect(attempt(250n)).toBe('accepted');
    expect(attempt(251n)).toEqual({ code: 'QUANTITY_ABOVE_LIMIT', maximum: '250' });
    const outputs = [output(125n), output(126n)];
    expect(codeOf(() => issue(viewOf({}, { window }), { ...request, outputs }, now))).toBe('QUANTITY_ABOVE_LIMIT');
  });
  test('counts what the shard has made', () => {
    expect(attempt(150n, used(100n))).toBe('accepted');
    expect(attempt(151n, used(100n))).toEqual({ code: 'ISSUE_LIMIT_REACHED', asset: energy, available: '150' });
    const { assetUsages } = issue(
      viewOf({ usage: used(100n) }, { window }),
      { ...request, outputs: [output(1n)] },
      now,
    );
    expect(assetUsages).toEqual([used(101n)]);
  });
  test('offers nothing where more was made than a lowered limit allows', () => {
    expect(attempt(1n, used(900n))).toEqual({ code: 'ISSUE_LIMIT_REACHED', asset: energy, available: '0' });
  });
  test('starts again with the next window, and a transaction dated back gains nothing', () => {
    expect(attempt(250n, used(250n, startMs - hourMs))).toBe('accepted');
    expect(attempt(1n, used(250n, startMs))).toMatchObject({ available: '0' });
    expect(attempt(1n, used(250n, startMs + hourMs))).toMatchObject({ available: '0' });
    const dated = issue(viewOf({ usage: used(1n, startMs + hourMs) }, { window }), request, now);
    expect(dated.assetUsages).toEqual([used(101n, startMs + hourMs)]);
  });
});
