// SPDX-License-Identifier: Apache-2.0

import {
  certificateRequestCodec,
  decodeBatch,
  encode,
  escrowIdOf,
  exportRequestCodec,
  inFlightCodec,
  limits,
  packetIdOf,
  stateKey,
  type BatchKind,
  type InFlight,
  type InFlightPage,
  type LaneId,
  type NotesResponse,
  type ResultsResponse,
  type SendResponse,
  type TransferResponse,
  type TxId,
} from '@gridpeg/protocol';
import {
  certify,
  charging,
  city,
  energy,
  laneIdBetween,
  microgrid,
  trustIn,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { Channel } from './testing/channel';

const user = 'GridMSP/User1@GridMSP';
const [out, other] = [laneIdBetween(city, charging), laneIdBetween(city, microgrid)];

let town: Channel;
let cars: Channel;
beforeEach(async () => {
  [town, cars] = [await Channel.configured(city), await Channel.configured(charging)];
});

/** Keys of a type on the ledger. */
const keysOf = (type: 'lane-inflight' | 'inflight'): readonly string[] =>
  [...town.stub.state.keys()].filter((key) => key.startsWith(stateKey(type)));

/** Puts packets in flight that there is nothing else of. */
function fill(laneId: LaneId, count: number, from: 'now' | 'before' = 'now'): readonly string[] {
  const ids = Array.from({ length: count }, (_, index) => packetIdOf(city, txIdNamed(`${laneId} ${from}`), index));
  for (const packetId of ids) {
    const entry: InFlight = { version: 1, packetId, laneId, txId: txIdNamed(packetId), index: 0 };
    const key = from === 'now' ? stateKey('lane-inflight', laneId, packetId) : stateKey('inflight', packetId);
    town.stub.state.set(key, Buffer.from(encode(inFlightCodec, entry)));
  }
  return ids;
}

/** Leaves what is in flight as the version before wrote it. */
function asWrittenBefore(): void {
  for (const key of keysOf('lane-inflight')) {
    const packetId = key.split('\u0000').at(-2)!;
    town.stub.state.set(stateKey('inflight', packetId), town.stub.state.get(key)!);
    town.stub.state.delete(key);
  }
}

/** Every page, none larger than asked for, as clients ask for them: until there is no bookmark. */
async function pages(
  request: { readonly pageSize: number; readonly laneId?: LaneId },
  isLast = ({ bookmark }: InFlightPage) => bookmark === '',
): Promise<string[][]> {
  const found: string[][] = [];
  for (let bookmark = ''; ;) {
    const page = (await town.call('listInFlight', { ...request, bookmark })) as InFlightPage;
    expect(page.entries.length).toBeLessThanOrEqual(request.pageSize);
    found.push(page.entries.map(({ packetId }) => packetId));
    if (isLast(page)) return found;
    if (found.length > 100) throw new Error('the list does not end');
    bookmark = page.bookmark;
  }
}

describe('a list of what is in flight on one lane', () => {
  test('T34: reads three keys for three packets, beside twenty thousand of another lane', async () => {
    const [three] = [fill(out, 3), fill(other, 20_000)];
    const found = await pages({ laneId: out, pageSize: limits.pageSize });
    expect(found).toHaveLength(1);
    expect([...found[0]!].sort()).toEqual([...three].sort());
    expect(town.stub.keysListed + town.stub.reads.size).toBe(3);
  });

  test('T34: comes page by page, each packet once', async () => {
    const ids = fill(out, 10);
    fill(other, 10);
    const found = await pages({ laneId: out, pageSize: 3 });
    expect(found.map(({ length }) => length)).toEqual([3, 3, 3, 1]);
    expect(found.flat().sort()).toEqual([...ids].sort());
  });

  test.each([1, 2, 3, 4, 5, 7, 20])(
    'has what was in flight before lanes had ranges as well, in pages of %i',
    async (pageSize) => {
      const mine = [...fill(out, 4), ...fill(out, 3, 'before')];
      const others = [...fill(other, 4), ...fill(other, 5, 'before')];
      expect((await pages({ laneId: out, pageSize })).flat().sort()).toEqual([...mine].sort());
      expect((await pages({ laneId: other, pageSize })).flat().sort()).toEqual([...others].sort());
    },
  );

  test.each([1, 2, 4, 9, 16, 17])(
    'is of all lanes for whoever names none, and a page of %i that is not full is the last one, as it always was',
    async (pageSize) => {
      const all = [out, other].flatMap((lane) => [...fill(lane, 4), ...fill(lane, 4, 'before')]);
      const found = await pages({ pageSize }, ({ entries, bookmark }) => entries.length < pageSize || bookmark === '');
      expect(found.flat().sort()).toEqual([...all].sort());
    },
  );
});

describe('a packet that was sent before lanes had ranges', () => {
  let sent: SendResponse;
  beforeEach(async () => {
    const outputs = [{ recipient: user, quantity: '60', memo: '' }];
    const { noteIds } = (await town.call('issue', { asset: energy, outputs })) as NotesResponse;
    const packets = [20, 40].map((quantity) => ({ kind: 'transfer', ...outputs[0], quantity: quantity.toString() }));
    const deadlineMs = (Date.now() + 50_000).toString();
    sent = (await town.call('send', { laneId: out, noteIds, outputs: packets, deadlineMs })) as SendResponse;
  });

  const certified = async (kind: BatchKind, txId: TxId): Promise<string> => {
    const [from, name] = kind === 'packets' ? ([town, 'exportPackets'] as const) : ([cars, 'exportReceipts'] as const);
    const batch = decodeBatch(kind, await from.text(name, encode(exportRequestCodec, { laneId: out, txIds: [txId] })));
    const certificate = certify(batch, trustIn(from === town ? city : charging));
    return encode(certificateRequestCodec, {
      certificate,
      escrowIds: [0, 1].map((index) => escrowIdOf(sent.txId, index)),
    });
  };
  const receive = async (): Promise<ResultsResponse> =>
    (await cars.call('receive', await certified('packets', sent.txId))) as ResultsResponse;
  const settle = async ({ txId }: ResultsResponse): Promise<readonly string[]> => {
    const { results } = (await town.call('settle', await certified('receipts', txId))) as ResultsResponse;
    return results.map(({ result }) => result);
  };
  const states = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const packetId of sent.packetIds) {
      found.push(((await town.call('getTransfer', { packetId })) as TransferResponse).state);
    }
    return found;
  };

  test.each([
    ['before', 'delivered', 0],
    ['before', 'refunded', 100_000],
    ['now', 'delivered', 0],
    ['now', 'refunded', 100_000],
  ] as const)(
    'PEG-3: (%s) is listed and shown, then %s once, and is in flight no more',
    async (when, outcome, lateMs) => {
      if (when === 'before') asWrittenBefore();
      expect(keysOf(when === 'now' ? 'lane-inflight' : 'inflight')).toHaveLength(2);
      expect((await pages({ laneId: out, pageSize: 9 })).flat().sort()).toEqual([...sent.packetIds].sort());
      expect(await pages({ laneId: other, pageSize: 9 })).toEqual([[]]);
      expect(await states()).toEqual(['in-flight', 'in-flight']);
      cars.aheadMs = lateMs;
      const received = await receive();
      expect(await settle(received)).toEqual([outcome, outcome]);
      expect([...keysOf('lane-inflight'), ...keysOf('inflight')]).toEqual([]);
      expect(await states()).toEqual([outcome, outcome]);
      expect(await pages({ laneId: out, pageSize: 9 })).toEqual([[]]);
      expect(await settle(received)).toEqual(['already-done', 'already-done']);
    },
  );

  test('T25: settling reads no range, and no former key of a packet that lies by its lane', async () => {
    const received = await receive();
    await settle(received);
    expect(town.stub.keysListed).toBe(0);
    expect([...town.stub.reads].filter((key) => key.startsWith(stateKey('inflight')))).toEqual([]);
    const deleted = sent.packetIds.map((packetId) => stateKey('lane-inflight', out, packetId));
    expect([...town.stub.reads]).toEqual(expect.arrayContaining(deleted));
  });

  test('is found on whichever page its lane is, of a ledger that has known more lanes than a page holds', async () => {
    const lane = town.stub.state.get(stateKey('lane', out))!.toString();
    for (let index = 0; index < limits.pageSize; index += 1) {
      const id = `a-${index.toString()}`;
      town.stub.state.set(stateKey('lane', id), Buffer.from(lane.replace(`"id":"${out}"`, `"id":"${id}"`)));
    }
    expect(await states()).toEqual(['in-flight', 'in-flight']);
  });

  test('is settled by the lane that it left by and no other', async () => {
    asWrittenBefore();
    for (const key of keysOf('inflight')) {
      const entry = town.stub.state.get(key)!.toString().replace(out, other);
      town.stub.state.set(key, Buffer.from(entry));
    }
    const { results } = (await town.call(
      'settle',
      await certified('receipts', (await receive()).txId),
    )) as ResultsResponse;
    expect(results).toMatchObject([{ code: 'PACKET_UNKNOWN' }, { code: 'PACKET_UNKNOWN' }]);
    expect(keysOf('inflight')).toHaveLength(2);
  });
});
