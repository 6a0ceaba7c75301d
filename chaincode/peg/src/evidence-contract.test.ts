// SPDX-License-Identifier: Apache-2.0

import {
  absenceQuestionCodec,
  anyEvidenceCodec,
  certificateRequestCodec,
  decodeBatch,
  encode,
  exportAbsenceFunction,
  firstDigest,
  noteIdOf,
  questionAbout,
  questionHashOf,
  signBatch,
  stateKey,
  type AbsenceQuestion,
  type Batch,
  type BatchKind,
  type ReceiptBatch,
  type TxId,
} from '@gridpeg/protocol';
import {
  certify,
  charging,
  chargingMember,
  city,
  energy,
  grid,
  laneIdBetween,
  members,
  microgrid,
  microgridMember,
  packetBatchOf,
  packetWith,
  proofOf,
  publicKeyOf,
  regulator,
  trustIn,
  type Member,
} from '@gridpeg/protocol/testing';
import { EvidenceContract } from './contract/evidence-contract';
import { Channel } from './testing/channel';
import { agreed, change, dayMs, rotationTo, setLanes } from './testing/govern';

const [out, back] = [laneIdBetween(city, charging), laneIdBetween(charging, city)];
const trust = trustIn(city);
const user = 'GridMSP/User1@GridMSP';
const page = { pageSize: 9, bookmark: '' };

const questionOf = (batch: Batch, signers: readonly Member[], under = trust): AbsenceQuestion => {
  const signatures = signers.map(({ mspId, notaryKey }) => ({
    publicKey: publicKeyOf(notaryKey),
    signature: signBatch(batch, under, mspId, notaryKey).signature,
  }));
  const [entry] = batch.entries;
  return questionAbout('packetId' in entry! ? entry.packetId : entry!.id, batch, under, signatures, firstDigest)!;
};
const asText = (question: AbsenceQuestion): string => encode(absenceQuestionCodec, question);
const exported = async (channel: Channel, question: AbsenceQuestion): Promise<string> =>
  channel.text('exportAbsence', { questionHash: questionHashOf(question) });
/** What these members' peers answer, as evidence. */
const evidenceBy = async (
  channel: Channel,
  question: AbsenceQuestion,
  witnesses: readonly Member[],
): Promise<string> => {
  const { sourceChainId } = question;
  const proof = proofOf(packetBatchOf(packetWith({ sourceChainId })), {
    args: [exportAbsenceFunction, JSON.stringify({ questionHash: questionHashOf(question) })],
    payload: await exported(channel, question),
    endorsers: witnesses.map(({ peer }) => peer),
  });
  return encode(anyEvidenceCodec, { version: 1, kind: 'absence', sourceChainId, proof });
};

test('T09: only the functions of the specification can be called', () => {
  const metadata = Reflect as unknown as { getMetadata: (key: string, target: object) => unknown };
  const called = metadata.getMetadata('fabric:transactions', EvidenceContract.prototype) as { name: string }[];
  expect(called.map(({ name }) => name).sort()).toEqual(['declareAbsence', 'exportAbsence', 'getTrustRecords', 'list']);
});

describe('T44: what notaries signed', () => {
  let [town, cars]: Channel[] = [];
  const invented = packetBatchOf(packetWith(), packetWith({ index: 1 }));
  const liars = [grid, microgridMember, chargingMember];
  const lie = questionOf(invented, liars);
  const lieOfOne = questionOf(invented, [grid]);
  const batchOf = async (kind: BatchKind, channel: Channel, txId: TxId): Promise<Batch> => {
    const name = kind === 'packets' ? 'exportPackets' : 'exportReceipts';
    return decodeBatch(kind, await channel.text(name, { laneId: out, txIds: [txId] }));
  };
  const send = async (): Promise<TxId> => {
    const outputs = [{ recipient: user, quantity: '60', memo: '' }];
    const { txId: issued } = (await town!.call('issue', { asset: energy, outputs })) as { txId: TxId };
    const noteIds = [noteIdOf(user as never, issued, 0)];
    const outgoing = outputs.map((output) => ({ kind: 'transfer', ...output }));
    const deadlineMs = (Date.now() + 3_600_000).toString();
    const sent = await town!.call('send', { laneId: out, noteIds, outputs: outgoing, deadlineMs });
    return (sent as { txId: TxId }).txId;
  };
  const statuses = async (channel: Channel): Promise<unknown> => {
    const { lanes, notaries } = (await channel.call('getStandings', {})) as {
      lanes: { laneId: string; state: string; sequence: number }[];
      notaries: { mspId: string; state: string }[];
    };
    return {
      lanes: lanes.map(({ laneId, state, sequence }) => [laneId, state, sequence]).sort(),
      suspended: notaries.filter(({ state }) => state === 'suspended').map(({ mspId }) => mspId),
    };
  };
  beforeEach(async () => {
    [town, cars] = [await Channel.configured(city), await Channel.configured(charging)];
  });

  test('and was never sent freezes both lanes on every chain, and ends keys whose own peers say so', async () => {
    expect(await town!.call('declareAbsence', asText(lie))).toMatchObject({ result: 'done', written: 1 });
    const evidence = await evidenceBy(town!, lie, [grid, microgridMember, regulator]);
    const frozen = { result: 'done', frozen: [out, back] };
    for (const channel of [cars!, town!]) {
      expect(await channel.call('submitEvidence', evidence)).toMatchObject(frozen);
      expect(await statuses(channel)).toEqual({
        lanes: expect.arrayContaining([
          [out, 'frozen', 1],
          [back, 'frozen', 1],
        ]) as unknown,
        suspended: [grid.mspId, microgridMember.mspId],
      });
      expect(await channel.call('list', page)).toMatchObject({
        entries: [
          { kind: 'absence', about: 'packets', publicKeys: liars.map(({ notaryKey }) => publicKeyOf(notaryKey)) },
        ],
      });
    }
    const request = { certificate: certify(invented, trust), escrowIds: [] };
    expect(await cars!.refusal('receive', encode(certificateRequestCodec, request))).toMatchObject({
      code: 'LANE_FROZEN',
    });
  });

  test('and was sent is no absence: asked after it was committed, of a packet and of a receipt', async () => {
    const packets = await batchOf('packets', town!, await send());
    const honest = questionOf(packets, [regulator]);
    expect(await town!.refusal('declareAbsence', asText(honest))).toMatchObject({ code: 'ENTRY_COMMITTED' });
    const certificate = certify(packets, trust);
    const receiving = encode(certificateRequestCodec, { certificate, escrowIds: [] });
    const { txId } = (await cars!.call('receive', receiving)) as { txId: TxId };
    const receipts = (await batchOf('receipts', cars!, txId)) as ReceiptBatch;
    const answered = questionOf(receipts, [regulator], trustIn(charging));
    expect(await cars!.refusal('declareAbsence', asText(answered))).toMatchObject({ code: 'ENTRY_COMMITTED' });
    const forged = { ...receipts, entries: [{ ...receipts.entries[0]!, outcome: 'refused' as const }] };
    const denied = questionOf(forged, [regulator], trustIn(charging));
    expect(await cars!.call('declareAbsence', asText(denied))).toMatchObject({ result: 'done' });
  });

  test('and was sent otherwise, or under another transaction, is an absence', async () => {
    const { entries } = (await batchOf('packets', town!, await send())) as Extract<Batch, { kind: 'packets' }>;
    const other = packetBatchOf({ ...entries[0]!, quantity: 61n });
    expect(await town!.call('declareAbsence', asText(questionOf(other, liars)))).toMatchObject({ result: 'done' });
  });

  test('T16: an absence that was endorsed before the packet was committed is invalid after it', async () => {
    const { txId, id } = packetWith();
    await town!.text('declareAbsence', asText(lie));
    // What Fabric validates: the key under which the packet will lie was read, and was not there.
    expect(town!.stub.reads).toContain(stateKey('outbox', txId));
    const receipt = questionOf({ ...(await receiptsOf(id)) }, liars, trustIn(charging));
    await cars!.text('declareAbsence', asText(receipt));
    expect(cars!.stub.reads).toContain(stateKey('receipt', id));
  });

  test('is asked once: the same question again changes nothing, and the answer stays', async () => {
    await town!.call('declareAbsence', asText(lie));
    const before = await exported(town!, lie);
    expect(await town!.call('declareAbsence', asText(lie))).toMatchObject({ result: 'already-done', written: 0 });
    expect(await exported(town!, lie)).toBe(before);
    const unknown = { questionHash: 'a'.repeat(64) };
    expect(await town!.refusal('exportAbsence', unknown)).toEqual({ code: 'ABSENCE_UNKNOWN', ...unknown });
  });

  test('is asked of the chain that it is about, by a client, with signatures that hold', async () => {
    expect(await cars!.refusal('declareAbsence', asText(lie))).toMatchObject({ code: 'PROOF_FOREIGN' });
    expect(await town!.refusal('declareAbsence', asText(lie), grid.peer)).toMatchObject({ code: 'CALLER_NOT_CLIENT' });
    const [first, ...others] = lie.signatures;
    const forged = { ...first!, publicKey: publicKeyOf(regulator.notaryKey) };
    const slander = { ...lie, signatures: [forged, ...others] };
    expect(await town!.refusal('declareAbsence', asText(slander))).toMatchObject({ code: 'SIGNATURE_INVALID' });
  });

  test('ends no key by the word of other organizations’ peers, and freezes all the same', async () => {
    await town!.call('declareAbsence', asText(lieOfOne));
    const evidence = await evidenceBy(town!, lieOfOne, [microgridMember, chargingMember, regulator]);
    await cars!.call('submitEvidence', evidence);
    expect(await statuses(cars!)).toMatchObject({ suspended: [], lanes: [expect.anything(), expect.anything()] });
    expect(await cars!.call('submitEvidence', evidence)).toMatchObject({ result: 'already-done', written: 0 });
  });

  test('freezes once: a thaw is not undone by what was known, and is stale by what is new', async () => {
    await town!.call('declareAbsence', asText(lieOfOne));
    const evidence = await evidenceBy(town!, lieOfOne, members);
    await town!.call('submitEvidence', evidence);
    const thaw = await agreed(town!, setLanes('open', 2), microgridMember, regulator);
    expect(await town!.call('submitEvidence', evidence)).toMatchObject({ result: 'already-done', written: 0 });
    await town!.call('declareAbsence', asText(lie));
    const more = await evidenceBy(town!, lie, members);
    expect(await town!.call('submitEvidence', more)).toMatchObject({ result: 'done', frozen: [out, back] });
    expect(await town!.call('list', page)).toMatchObject({
      entries: [{ publicKeys: liars.map(({ notaryKey }) => publicKeyOf(notaryKey)) }],
    });
    town!.aheadMs = dayMs + 120_000;
    expect(await town!.refusal('execute', thaw)).toMatchObject({ code: 'PROPOSAL_STALE' });
    const again = await agreed(town!, setLanes('open', 3), microgridMember, regulator);
    town!.aheadMs += dayMs + 120_000;
    await town!.call('execute', again);
    for (const known of [evidence, more]) {
      expect(await town!.call('submitEvidence', known)).toMatchObject({ result: 'already-done', written: 0 });
    }
  });

  test('T11: freezes its lane though those accused handed in evidence about another lane first', async () => {
    const aside = { ...invented, laneId: laneIdBetween(city, microgrid), destinationChainId: microgrid };
    const distraction = questionOf(aside, [grid]);
    for (const question of [distraction, lieOfOne]) await town!.call('declareAbsence', asText(question));
    const others = [microgridMember, chargingMember, regulator];
    const [first, real] = [await evidenceBy(town!, distraction, others), await evidenceBy(town!, lieOfOne, others)];
    const both = [aside.laneId, laneIdBetween(microgrid, city)];
    for (const [channel, frozen] of [
      [town!, both],
      // The charging chain has no such lane.
      [cars!, []],
    ] as const) {
      expect(await channel.call('submitEvidence', first)).toMatchObject({ result: 'done', frozen });
      expect(await channel.call('submitEvidence', real)).toMatchObject({ result: 'done', frozen: [out, back] });
      for (const known of [first, real]) {
        expect(await channel.call('submitEvidence', known)).toMatchObject({ result: 'already-done', written: 0 });
      }
    }
    expect(await town!.call('list', page)).toMatchObject({ entries: [{ lanes: [aside.laneId, out] }] });
  });

  test('T44: ends a key though its organization handed in evidence with other witnesses first', async () => {
    await town!.call('declareAbsence', asText(lieOfOne));
    const harmless = await evidenceBy(town!, lieOfOne, [microgridMember, chargingMember, regulator]);
    expect(await cars!.call('submitEvidence', harmless)).toMatchObject({ result: 'done', frozen: [out, back] });
    const whole = await evidenceBy(town!, lieOfOne, members);
    expect(await cars!.call('submitEvidence', whole)).toMatchObject({ result: 'done', frozen: [out, back] });
    expect(await statuses(cars!)).toMatchObject({ suspended: [grid.mspId] });
    for (const known of [harmless, whole]) {
      expect(await cars!.call('submitEvidence', known)).toMatchObject({ result: 'already-done', written: 0 });
    }
    const publicKeys = [publicKeyOf(grid.notaryKey)];
    expect(await cars!.call('list', page)).toMatchObject({ entries: [{ publicKeys, lanes: [out] }] });
  });

  test('in an epoch that is over freezes as well', async () => {
    await town!.call('declareAbsence', asText(lie));
    const evidence = await evidenceBy(town!, lie, members);
    await cars!.call('rotate', rotationTo('next', trust.committee));
    expect(await cars!.call('submitEvidence', evidence)).toMatchObject({ result: 'done', frozen: [out, back] });
  });

  test('by a key that is suspended already freezes nothing', async () => {
    await change(town!, { kind: 'suspend-notary', publicKey: publicKeyOf(grid.notaryKey) });
    await town!.call('declareAbsence', asText(lieOfOne));
    const evidence = await evidenceBy(town!, lieOfOne, members);
    expect(await town!.call('submitEvidence', evidence)).toMatchObject({ result: 'already-done', written: 0 });
  });

  test('by keys that signed for nobody in that epoch freezes nothing', async () => {
    const under = trustIn(city, { committee: { ...trust.committee, epoch: 6 } });
    const stale = questionOf(invented, liars, under);
    await town!.call('declareAbsence', asText(stale));
    const evidence = await evidenceBy(town!, stale, members);
    expect(await cars!.refusal('submitEvidence', evidence)).toMatchObject({ code: 'NOTARY_STRANGER' });
  });

  test('T43: two answers of the source about one packet freeze the lane, once, and name who gave both', async () => {
    const answers = (...groups: readonly (readonly Member[])[]): string => {
      const [one, other] = groups.map((group, index) =>
        proofOf(packetBatchOf(packetWith({ quantity: 100n + BigInt(index) })), {
          endorsers: group.map(({ peer }) => peer),
        }),
      );
      const proofs = [one!, other!];
      const about = { sourceChainId: city, packetId: packetWith().id };
      return encode(anyEvidenceCodec, { version: 1, kind: 'answers', ...about, proofs });
    };
    const evidence = answers([grid, microgridMember], [grid, regulator]);
    expect(await cars!.call('submitEvidence', evidence)).toMatchObject({ result: 'done', frozen: [out, back] });
    expect(await cars!.call('submitEvidence', evidence)).toMatchObject({ result: 'already-done', written: 0 });
    const more = answers([grid, chargingMember], [chargingMember, regulator]);
    expect(await cars!.call('submitEvidence', more)).toMatchObject({ result: 'done' });
    const nobody = answers([grid, microgridMember], [chargingMember, regulator]);
    expect(await cars!.call('submitEvidence', nobody)).toMatchObject({ result: 'already-done' });
    expect(await cars!.call('list', page)).toMatchObject({
      entries: [{ kind: 'answers', organizations: [grid.mspId, chargingMember.mspId], publicKeys: [] }],
    });
    expect(await statuses(cars!)).toEqual({
      lanes: [
        [back, 'frozen', 2],
        [out, 'frozen', 2],
      ],
      suspended: [],
    });
    expect(await town!.call('submitEvidence', nobody)).toMatchObject({ result: 'done', frozen: [out, back] });
    const houses = await Channel.configured(microgrid);
    expect(await houses.call('submitEvidence', nobody)).toMatchObject({ result: 'done', frozen: [] });
    expect(await houses.call('submitEvidence', nobody)).toMatchObject({ result: 'already-done', written: 0 });
    const elsewhere = evidence.replaceAll(city, `moon-${'0'.repeat(64)}`);
    expect(await cars!.refusal('submitEvidence', elsewhere)).toMatchObject({ code: 'CHAIN_UNTRUSTED' });
  });

  test('T11: answers about another lane, handed in first, keep no lane open', async () => {
    const answersOn = (destinationChainId: typeof city): string => {
      const laneId = laneIdBetween(city, destinationChainId);
      const proofs = [100n, 101n].map((quantity) => {
        const batch = { ...packetBatchOf(packetWith({ quantity })), laneId, destinationChainId };
        return proofOf(batch, { endorsers: [grid.peer, microgridMember.peer] });
      });
      const about = { sourceChainId: city, packetId: packetWith().id };
      return encode(anyEvidenceCodec, { version: 1, kind: 'answers', ...about, proofs });
    };
    expect(await cars!.call('submitEvidence', answersOn(microgrid))).toMatchObject({ result: 'done', frozen: [] });
    expect(await cars!.call('submitEvidence', answersOn(charging))).toMatchObject({ frozen: [out, back] });
    for (const known of [microgrid, charging].map(answersOn)) {
      expect(await cars!.call('submitEvidence', known)).toMatchObject({ result: 'already-done', written: 0 });
    }
  });

  async function receiptsOf(packetId: string): Promise<ReceiptBatch> {
    const txId = await send();
    const packets = await batchOf('packets', town!, txId);
    const receiving = encode(certificateRequestCodec, { certificate: certify(packets, trust), escrowIds: [] });
    const { txId: received } = (await cars!.call('receive', receiving)) as { txId: TxId };
    const receipts = (await batchOf('receipts', cars!, received)) as ReceiptBatch;
    return { ...receipts, entries: [{ ...receipts.entries[0]!, packetId: packetId as never }] };
  }
});
