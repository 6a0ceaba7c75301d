// SPDX-License-Identifier: Apache-2.0

import {
  evidenceFrom,
  firstDigest,
  signBatch,
  type Batch,
  type Evidence,
  type LaneStatusRecord,
  type NotaryStatusRecord,
} from '@gridpeg/protocol';
import {
  charging,
  city,
  codeOf,
  grid,
  laneBetween,
  microgrid,
  packetBatchOf,
  packetWith,
  publicKeyOf,
  trustIn,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { judgeEvidence, type EvidenceView } from './judge-evidence';

const publicKey = publicKeyOf(grid.notaryKey);
const [out, back] = [laneBetween(city, charging), laneBetween(charging, city)];
const txId = txIdNamed('evidence');
const known: NotaryStatusRecord = {
  ...{ version: 1, publicKey, mspId: grid.mspId },
  ...{ state: 'trusted', lanes: [], txId: txIdNamed('configured') },
};
const evidenceOf = (...batches: readonly [Batch, Batch]): Evidence => {
  const [one, two] = batches.map((batch) => {
    const trust = trustIn(city);
    return {
      batch,
      trust,
      form: firstDigest,
      signature: signBatch(batch, trust, grid.mspId, grid.notaryKey).signature,
    };
  });
  return evidenceFrom(publicKey, packetWith().id, [one!, two!])!;
};
const honest = packetBatchOf(packetWith());
const evidence = evidenceOf(honest, packetBatchOf(packetWith({ quantity: 101n })));
const { committee } = trustIn(city);
const view = (changes: Partial<EvidenceView> = {}): EvidenceView => ({
  notary: known,
  committee: (epoch) => (epoch === committee.epoch ? committee : undefined),
  lanes: new Map([out, back].map((lane) => [lane.id, lane])),
  laneStatuses: new Map(),
  ...changes,
});
const status = (state: LaneStatusRecord['state'], sequence: number): EvidenceView['laneStatuses'] =>
  new Map([[out.id, { version: 1 as const, laneId: out.id, sequence, state, txId: txIdNamed('before') }]]);
const judged = (changes: Partial<EvidenceView> = {}, of = evidence): ReturnType<typeof judgeEvidence> =>
  judgeEvidence(of, view(changes), txId);

describe('T19, T11: the first evidence', () => {
  test('freezes the lane both ways and suspends the signer, without anybody’s vote', () => {
    expect(judged()).toEqual({
      laneStatuses: [out, back].map(({ id }) => ({ version: 1, laneId: id, sequence: 1, state: 'frozen', txId })),
      notaries: [{ ...known, state: 'suspended', lanes: [out.id], txId }],
    });
  });
  test.each(['paused', 'frozen'] as const)('gives a lane that is %s the next sequence, so a thaw is stale', (state) => {
    expect(judged({ laneStatuses: status(state, 4) })?.laneStatuses).toMatchObject([
      { laneId: out.id, sequence: 5, state: 'frozen', txId },
      { laneId: back.id, sequence: 1, state: 'frozen', txId },
    ]);
  });
  test('on a chain that does not know the lane suspends the signer only', () => {
    expect(judged({ lanes: new Map() })).toMatchObject({
      laneStatuses: [],
      notaries: [{ state: 'suspended', lanes: [] }],
    });
  });
  test('names a lane of this chain in vain when its ends are others', () => {
    for (const ends of [{ sourceChainId: microgrid }, { destinationChainId: microgrid }]) {
      const elsewhere = new Map([[out.id, { ...out, ...ends }]]);
      expect(judged({ lanes: elsewhere })?.laneStatuses).toEqual([]);
    }
  });
  test('of two lanes freezes both', () => {
    const other = laneBetween(city, microgrid);
    const lanes = new Map([out, back, other, laneBetween(microgrid, city)].map((lane) => [lane.id, lane]));
    const double = evidenceOf(honest, packetBatchOf(packetWith({ destinationChainId: microgrid })));
    expect(judged({ lanes }, double)?.laneStatuses).toHaveLength(4);
    expect(judged({ lanes }, double)?.notaries).toMatchObject([{ lanes: [out.id, other.id] }]);
  });
});

describe('T19: a key that did not sign for the source in that epoch', () => {
  const others = { ...committee, notaries: committee.notaries.slice(1) };
  test.each<[string, EvidenceView['committee']]>([
    ['belongs to no committee of the source', () => undefined],
    ['belongs to another committee', () => others],
    ['belongs to the committee of another epoch', (epoch) => (epoch === 8 ? committee : others)],
  ])('ends, and freezes nothing: it %s', (_, signing) => {
    expect(judged({ committee: signing })).toMatchObject({
      laneStatuses: [],
      notaries: [{ state: 'suspended', lanes: [] }],
    });
  });
  test('freezes the one of two lanes for which it did sign', () => {
    const trust = trustIn(city, { committee: { ...committee, epoch: 8 } });
    const [first, second] = [honest, packetBatchOf(packetWith({ destinationChainId: microgrid }))].map((batch, at) => {
      const under = at === 0 ? trustIn(city) : trust;
      return {
        batch,
        trust: under,
        form: firstDigest,
        signature: signBatch(batch, under, grid.mspId, grid.notaryKey).signature,
      };
    });
    const lanes = new Map([...view().lanes, [laneBetween(city, microgrid).id, laneBetween(city, microgrid)]]);
    const found = evidenceFrom(publicKey, packetWith().id, [first!, second!])!;
    expect(judged({ lanes }, found)?.laneStatuses.map(({ laneId }) => laneId)).toEqual([out.id, back.id]);
  });
});

describe('T19: more evidence', () => {
  const suspended: NotaryStatusRecord = { ...known, state: 'suspended', lanes: [out.id] };

  test('of the same lane changes nothing, so it does not undo a thaw', () => {
    expect(judged({ notary: suspended, laneStatuses: status('open', 2) })).toBeUndefined();
  });
  test('of another lane freezes that one as well', () => {
    const notary: NotaryStatusRecord = { ...suspended, lanes: [laneBetween(city, microgrid).id] };
    const found = judged({ notary });
    expect(found?.laneStatuses.map(({ laneId }) => laneId)).toEqual([out.id, back.id]);
    expect(found?.notaries).toMatchObject([{ lanes: [...notary.lanes, out.id] }]);
  });
  test('freezes also when a majority had suspended the key before', () => {
    expect(judged({ notary: { ...known, state: 'suspended' } })?.laneStatuses).toHaveLength(2);
  });
  test('against a stranger’s key is refused', () => {
    expect(codeOf(() => judged({ notary: undefined }))).toBe('NOTARY_STRANGER');
  });
});
