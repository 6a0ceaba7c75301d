// SPDX-License-Identifier: Apache-2.0

import {
  certificateRequestCodec,
  committeeHashOf,
  decodeBatch,
  encode,
  evidenceCodec,
  evidenceFrom,
  firstDigest,
  noteIdOf,
  packetIdOf,
  provePossession,
  rotationCodec,
  signBatch,
  signRotation,
  type Batch,
  type Certificate,
  type ResultsResponse,
  type TxId,
} from '@gridpeg/protocol';
import {
  certify,
  charging,
  city,
  configurationOf,
  energy,
  grid,
  identityOf,
  keyNamed,
  laneIdBetween,
  members,
  microgridMember,
  proofOf,
  publicKeyOf,
  receiptBatchOf,
  receiptFor,
  regulator,
  trustIn,
  txIdNamed,
  type Member,
} from '@gridpeg/protocol/testing';
import { Channel } from './testing/channel';

import { agreed, change, dayMs, setLanes } from './testing/govern';

const out = laneIdBetween(city, charging);
const back = laneIdBetween(charging, city);
const { committee } = trustIn(city);

describe('governance with a packet in flight', () => {
  let [town, cars]: Channel[] = [];
  let batch: Extract<Batch, { kind: 'packets' }>;
  const account = `GridMSP/User1@GridMSP`;
  const request = (certificate: Certificate): string => encode(certificateRequestCodec, { certificate, escrowIds: [] });
  const received = async (certificate: Certificate): Promise<ResultsResponse['results'][number]> => {
    const { results } = (await cars!.call('receive', request(certificate))) as ResultsResponse;
    return results[0]!;
  };
  const send = async (quantity: string): Promise<Extract<Batch, { kind: 'packets' }>> => {
    const outputs = [{ recipient: account, quantity, memo: '' }];
    const { txId: issued } = (await town!.call('issue', { asset: energy, outputs })) as { txId: TxId };
    const noteIds = [noteIdOf(account as never, issued, 0)];
    const deadlineMs = (Date.now() + 3_600_000).toString();
    const outgoing = [{ kind: 'transfer', recipient: account, quantity, memo: '' }];
    const { txId } = (await town!.call('send', { laneId: out, noteIds, outputs: outgoing, deadlineMs })) as {
      txId: TxId;
    };
    const text = await town!.text('exportPackets', { laneId: out, txIds: [txId] });
    return decodeBatch('packets', text) as Extract<Batch, { kind: 'packets' }>;
  };
  beforeEach(async () => {
    [town, cars] = [await Channel.configured(city), await Channel.configured(charging)];
    batch = await send('60');
  });
  const keysNext = members.map(({ mspId }) => keyNamed(`next ${mspId}`));
  const next = {
    ...{ epoch: 8, threshold: 3 },
    notaries: members.map(({ mspId }, index) => ({ mspId, publicKey: publicKeyOf(keysNext[index]!) })),
  };
  const previous = committeeHashOf(committee);
  const rotation = encode(rotationCodec, {
    ...{ version: 1, previous, next },
    signatures: members.slice(0, 3).map(({ mspId, notaryKey }) => signRotation(previous, next, mspId, notaryKey)),
    possessions: members.map(({ mspId }, index) => provePossession(previous, next, mspId, keysNext[index]!)),
  });
  const evidence = (liar: Member): string => {
    const lie = { ...batch, entries: batch.entries.map((packet) => ({ ...packet, quantity: 61n })) };
    const [one, two] = [batch, lie].map((each) => {
      const trust = trustIn(city);
      return {
        batch: each,
        trust,
        form: firstDigest,
        signature: signBatch(each, trust, liar.mspId, liar.notaryKey).signature,
      };
    });
    return encode(evidenceCodec, evidenceFrom(publicKeyOf(liar.notaryKey), batch.entries[0]!.id, [one!, two!])!);
  };

  test('T12, PEG-13: a rotation lets it in by the next committee, and no more by the last', async () => {
    for (const channel of [town!, cars!]) {
      expect(await channel.call('rotate', rotation)).toMatchObject({ result: 'done' });
      expect(await channel.call('rotate', rotation)).toMatchObject({ result: 'already-done', written: 0 });
    }
    const stale = request(certify(batch, trustIn(city)));
    expect(await cars!.refusal('receive', stale)).toEqual({ code: 'EPOCH_STALE', epoch: 7 });
    const trust = trustIn(city, { committee: next });
    const signatures = members.slice(1).map(({ mspId }, index) => signBatch(batch, trust, mspId, keysNext[index + 1]!));
    expect(await received(certify(batch, trust, { signatures }))).toMatchObject({ result: 'received' });
  });

  test('T13: a revoked peer’s word ends at once, and another’s lets the packet in', async () => {
    const change = configurationOf(charging, { sequence: 2 });
    const chains = change.chains.map((chain) => ({
      ...chain,
      organizations: chain.organizations.map((each) =>
        each.mspId === grid.mspId ? { ...each, revokedSerials: ['1001'] } : each,
      ),
    }));
    const agreedOn = await agreed(
      cars!,
      { kind: 'configure', configuration: { ...change, chains } },
      microgridMember,
      regulator,
    );
    await cars!.call('execute', agreedOn);
    const trust = chains.find(({ chainId }) => chainId === city)!;
    expect(await cars!.refusal('receive', request(certify(batch, trust)))).toMatchObject({ code: 'ENDORSER_REVOKED' });
    const proof = proofOf(batch, { endorsers: [microgridMember.peer, regulator.peer] });
    expect(await received(certify(batch, trust, { proof }))).toMatchObject({ result: 'received' });
  });

  test('T13: a peer’s certificate that has expired is judged alike on every peer, and not by a clock', async () => {
    const expired = identityOf(grid, { notAfter: '210101000000Z', commonNames: ['peer0.GridMSP'], serial: '1005' });
    const proof = proofOf(batch, { endorsers: [expired, microgridMember.peer] });
    expect(await received(certify(batch, trustIn(city), { proof }))).toMatchObject({ result: 'received' });
  });

  test('T13: a suspended notary’s signature no longer counts, and the threshold stays', async () => {
    await change(cars!, { kind: 'suspend-notary', publicKey: publicKeyOf(grid.notaryKey) });
    const trust = trustIn(city);
    const withGrid = certify(batch, trust, { notaries: [grid, microgridMember, regulator] });
    expect(await cars!.refusal('receive', request(withGrid))).toEqual({
      code: 'NOTARIES_TOO_FEW',
      found: 2,
      required: 3,
    });
    const all = certify(batch, trust, { notaries: members });
    expect(await received(all)).toMatchObject({ result: 'received' });
  });

  test('T19: evidence freezes the lane; what waits is received after the thaw', async () => {
    expect(await cars!.call('submitEvidence', evidence(grid))).toMatchObject({ result: 'done', frozen: [out, back] });
    expect(await cars!.call('submitEvidence', evidence(grid))).toMatchObject({ result: 'already-done', written: 0 });
    const certificate = certify(batch, trustIn(city), { notaries: members.slice(1) });
    expect(await cars!.refusal('receive', request(certificate))).toEqual({ code: 'LANE_FROZEN', laneId: out });
    expect(await cars!.call('getStandings', {})).toMatchObject({
      lanes: [{ state: 'frozen' }, { state: 'frozen' }],
      notaries: [
        { state: 'suspended', mspId: grid.mspId },
        { state: 'trusted' },
        { state: 'trusted' },
        { state: 'trusted' },
      ],
    });
    const thaw = await agreed(cars!, setLanes('open', 2), microgridMember, regulator);
    expect(await cars!.refusal('execute', thaw)).toMatchObject({ code: 'PROPOSAL_NOT_DUE' });
    cars!.aheadMs = dayMs + 120_000;
    await cars!.call('execute', thaw);
    cars!.aheadMs = 0;
    expect(await received(certificate)).toMatchObject({ result: 'received' });
    // The same lie does not freeze it again.
    expect(await cars!.call('submitEvidence', evidence(grid))).toMatchObject({ result: 'already-done' });
  });

  test('T19: evidence about an epoch that is over freezes as well: the committee that was is remembered', async () => {
    await cars!.call('rotate', rotation);
    expect(await cars!.refusal('submitEvidence', evidence(grid), grid.peer)).toMatchObject({
      code: 'CALLER_NOT_CLIENT',
    });
    expect(await cars!.call('submitEvidence', evidence(grid))).toMatchObject({ result: 'done', frozen: [out, back] });
  });

  test('PEG-12: a frozen lane refunds nothing either, and a paused one does', async () => {
    const refused = receiptFor(batch.entries[0]!, { outcome: 'refused', code: 'DEADLINE_PASSED' });
    const certificate = certify(receiptBatchOf(batch.entries[0]!, refused), trustIn(charging), {
      notaries: members.slice(1),
    });
    const escrow = (await town!.call('listEscrow', { laneId: out, pageSize: 9, bookmark: '' })) as {
      entries: { id: never }[];
    };
    const settle = encode(certificateRequestCodec, { certificate, escrowIds: [escrow.entries[0]!.id] });
    await change(town!, setLanes('paused', 1));
    const { results } = JSON.parse(await town!.text('settle', settle)) as ResultsResponse;
    expect(results).toMatchObject([{ result: 'refunded' }]);
    await town!.call('submitEvidence', evidence(grid));
    expect(await town!.refusal('settle', settle)).toEqual({ code: 'LANE_FROZEN', laneId: out });
  });

  test('a paused lane sends and receives nothing until it is open again', async () => {
    for (const channel of [town!, cars!]) await change(channel, setLanes('paused', 1));
    await expect(send('1')).rejects.toThrow('LANE_PAUSED');
    const certificate = certify(batch, trustIn(city));
    expect(await cars!.refusal('receive', request(certificate))).toEqual({ code: 'LANE_PAUSED', laneId: out });
    for (const channel of [town!, cars!]) await change(channel, setLanes('open', 2));
    expect(await received(certificate)).toMatchObject({ result: 'received' });
    await send('1');
  });

  test.each<[string, string, () => Promise<string>]>([
    ['a rotation', 'receive', () => cars!.text('rotate', rotation)],
    ['a freeze', 'receive', () => cars!.text('submitEvidence', evidence(grid))],
    [
      'a pause',
      'receive',
      async () => {
        const pause = await agreed(cars!, setLanes('paused', 1), microgridMember, regulator);
        return cars!.text('execute', pause);
      },
    ],
  ])('T16: %s makes a %s invalid that was endorsed before and is ordered after it', async (_, step, govern) => {
    await cars!.text(step, request(certify(batch, trustIn(city))));
    const held = new Set(cars!.stub.reads);
    await govern();
    expect([...cars!.stub.writes.keys()].filter((key) => held.has(key))).not.toEqual([]);
  });

  test('T11: threshold and peers together take no more than the window holds, until the first evidence', async () => {
    const window = { lengthMs: 60_000n, quantity: 400n, shards: 4 };
    const narrow = await Channel.configured(charging, {
      lanes: configurationOf(charging).lanes.map((lane) => ({ ...lane, maximumQuantity: 100n, window })),
    });
    cars = narrow;
    const forge = (name: string): Certificate => {
      const entries = batch.entries.map((packet) => ({ ...packet, txId: txIdNamed(name), quantity: 90n }));
      const packets = entries.map((packet) => ({ ...packet, id: packetIdOf(city, packet.txId, packet.index) }));
      return certify({ ...batch, txIds: [txIdNamed(name)], entries: packets }, trustIn(city));
    };
    const outcomes: string[] = [];
    for (let count = 0; count < 40; count += 1) {
      const { result, code } = await received(forge(count.toString()));
      outcomes.push(`${result} ${code}`.trim());
    }
    const taken = outcomes.filter((outcome) => outcome === 'received').length;
    expect(taken).toBeGreaterThan(0);
    // Forty tries of 90 within at most two windows of 400.
    expect(taken * 90).toBeLessThanOrEqual(800);
    expect(new Set(outcomes)).toEqual(new Set(['received', 'skipped WINDOW_FULL']));
    await narrow.call('submitEvidence', evidence(grid));
    expect(await narrow.refusal('receive', request(forge('late')))).toMatchObject({ code: 'LANE_FROZEN' });
  });

  test('T09: a certificate does not reach a function of governance, nor evidence one of the peg', async () => {
    const certificate = request(certify(batch, trustIn(city)));
    for (const name of ['propose', 'execute', 'rotate', 'submitEvidence', 'commitConfiguration']) {
      expect(await cars!.refusal(name, certificate)).toMatchObject({ code: 'REQUEST_MALFORMED' });
    }
    expect(await cars!.refusal('receive', evidence(grid))).toMatchObject({ code: 'REQUEST_MALFORMED' });
  });
});
