// SPDX-License-Identifier: Apache-2.0

import crypto from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  certificateRequestCodec,
  decodeBatch,
  encode,
  escrowIdOf,
  exportRequestCodec,
  noteIdOf,
  noteKeyAttributes,
  stateKey,
  type Batch,
  type Certificate,
  type EscrowId,
  type NotesResponse,
  type ResultsResponse,
  type TxId,
} from '@gridpeg/protocol';
import {
  certificateCorpus,
  certify,
  charging,
  chargingMember,
  city,
  energy,
  grid,
  identityOf,
  keyNamed,
  laneIdBetween,
  receiptBatchOf,
  trustIn,
} from '@gridpeg/protocol/testing';
import { Context } from 'fabric-contract-api';
import { ChaincodeStub } from 'fabric-shim';
import { Channel } from './testing/channel';
import { EvidenceContract } from './contract/evidence-contract';
import { GovernanceContract } from './contract/governance-contract';
import { PegContract } from './contract/peg-contract';

const user = `GridMSP/User1@GridMSP`;
const out = laneIdBetween(city, charging);
const request = (certificate: Certificate, escrowIds: readonly EscrowId[] = []): string =>
  encode(certificateRequestCodec, { certificate, escrowIds });

describe('the contract', () => {
  let town: Channel;
  let cars: Channel;
  let noteId: string;
  beforeEach(async () => {
    [town, cars] = [await Channel.configured(city), await Channel.configured(charging)];
    const outputs = [{ recipient: user, quantity: '100', memo: '' }];
    noteId = ((await town.call('issue', { asset: energy, outputs })) as NotesResponse).noteIds[0]!;
  });
  const sendRequest = (): object => ({
    laneId: out,
    noteIds: [noteId],
    outputs: [{ kind: 'transfer', recipient: user, quantity: '60', memo: 'm' }],
    deadlineMs: (Date.now() + 100_000).toString(),
  });
  const sent = async (): Promise<{ batch: Batch }> => {
    const { txId } = (await town.call('send', sendRequest())) as { txId: TxId };
    const text = await town.text('exportPackets', encode(exportRequestCodec, { laneId: out, txIds: [txId] }));
    return { batch: decodeBatch('packets', text) };
  };

  test('a batch of 50 costs one signature check for each endorsement and each notary of the threshold', async () => {
    const outputs = Array.from({ length: 50 }, () => ({ kind: 'transfer', recipient: user, quantity: '1', memo: '' }));
    const { txId } = (await town.call('send', { ...sendRequest(), outputs })) as { txId: TxId };
    const text = await town.text('exportPackets', encode(exportRequestCodec, { laneId: out, txIds: [txId] }));
    const certificate = certify(decodeBatch('packets', text), trustIn(city));
    // Authorities' signatures on the endorsers' certificates are checked once in a process.
    await (await Channel.configured(charging)).call('receive', request(certificate));
    const checks = [jest.spyOn(crypto, 'verify'), jest.spyOn(crypto.X509Certificate.prototype, 'verify')];
    const { results } = (await cars.call('receive', request(certificate))) as ResultsResponse;
    const count = checks.reduce((total, { mock }) => total + mock.calls.length, 0);
    jest.restoreAllMocks();
    expect(results.map(({ result }) => result)).toEqual(outputs.map(() => 'received'));
    expect(count).toBe(certificate.proof.endorsements.length + trustIn(city).committee.threshold);
  });

  test('sends, receives once, and settles once; each wakes relays with one event', async () => {
    const { batch } = await sent();
    const packet = batch.kind === 'packets' ? batch.entries[0]! : Promise.reject(new Error('kind'));
    const certificate = certify(batch, trustIn(city));
    const first = (await cars.call('receive', request(certificate))) as ResultsResponse & { written: number };
    expect(first.results).toMatchObject([{ result: 'received' }]);
    expect(JSON.parse(cars.stub.event!.payload)).toMatchObject({
      version: 1,
      packets: [],
      receipts: [{ laneId: out }],
      settled: [],
    });
    expect(cars.stub.event!.name).toBe('peg');
    expect(cars.stub.calls).not.toContain('getStateByPartialCompositeKeyWithPagination');

    const again = (await cars.call('receive', request(certificate))) as ResultsResponse & { written: number };
    expect([again.results[0]!.result, again.written, cars.stub.event]).toEqual(['already-done', 0, undefined]);

    const { txId } = first;
    const receipts = (await cars.call('exportReceipts', { laneId: out, txIds: [txId] })) as { entries: never[] };
    const proof = certify(receiptBatchOf(await packet, ...receipts.entries), trustIn(charging));
    const settled = (await town.call('settle', request(proof))) as ResultsResponse;
    expect(settled.results).toMatchObject([{ result: 'delivered' }]);
    const repeated = (await town.call('settle', request(proof))) as ResultsResponse & { written: number };
    expect([repeated.results[0]!.result, repeated.written]).toEqual(['already-done', 0]);
    expect(await town.call('getTransfer', { packetId: (await packet).id })).toMatchObject({ state: 'delivered' });
  });

  test('T25: no function that writes reads a range; lists do, page by page', async () => {
    await town.call('transfer', {
      noteIds: [noteId],
      outputs: [1, 2].map(() => ({ recipient: user, quantity: '30', memo: '' })),
    });
    expect(town.stub.calls).not.toContain('getStateByPartialCompositeKeyWithPagination');
    const page = (await town.call('listNotes', { owner: user, pageSize: 2, bookmark: '' })) as {
      entries: unknown[];
      bookmark: string;
    };
    expect(page.entries).toHaveLength(2);
    const rest = (await town.call('listNotes', { owner: user, pageSize: 2, bookmark: page.bookmark })) as {
      entries: unknown[];
    };
    expect(rest.entries).toHaveLength(1);
  });

  test('lists an owner’s notes only, even where another’s lies under the same tag', async () => {
    const note = JSON.parse(
      town.stub.state.get(stateKey('note', ...noteKeyAttributes(noteId)))!.toString('utf8'),
    ) as object;
    const other = noteId.replace(/-0$/, '-1');
    const foreign = JSON.stringify({ ...note, id: other, owner: 'GridMSP/bob' });
    town.stub.state.set(stateKey('note', ...noteKeyAttributes(other)), Buffer.from(foreign));
    const { entries } = (await town.call('listNotes', { owner: user, pageSize: 9, bookmark: '' })) as {
      entries: { id: string }[];
    };
    expect(entries.map(({ id }) => id)).toEqual([noteId]);
  });

  test('keeps escrow and what is in flight where lists find them', async () => {
    await sent();
    expect(await town.call('listEscrow', { laneId: out, pageSize: 9, bookmark: '' })).toMatchObject({
      entries: [{ quantity: '60' }],
    });
    expect(await town.call('listInFlight', { pageSize: 9, bookmark: '' })).toMatchObject({
      entries: [{ laneId: out }],
    });
    expect(await town.refusal('getTransfer', { packetId: 'e'.repeat(64) })).toMatchObject({ code: 'PACKET_UNKNOWN' });
  });

  test('a spent note, a stranger’s note and an unknown lane are refused, and nothing is written', async () => {
    await sent();
    expect(await town.refusal('send', sendRequest())).toEqual({ code: 'NOTE_SPENT', noteId });
    const change = noteIdOf(user as never, town.stub.txId as never, 0);
    expect(await town.refusal('retire', { noteIds: [change], quantity: '1' })).toMatchObject({ code: 'NOTE_SPENT' });
    expect(await town.refusal('send', { ...sendRequest(), laneId: 'nowhere' })).toEqual({
      code: 'LANE_UNKNOWN',
      laneId: 'nowhere',
    });
    expect(town.stub.writes.size).toBe(0);
  });

  test('T31: a namesake of another organization, a peer and an ambiguous certificate own nothing', async () => {
    const spend = { noteIds: [noteId], quantity: '1' };
    const namesake = identityOf(chargingMember, { commonNames: ['User1@GridMSP'], units: ['client'] });
    expect(await town.refusal('retire', spend, namesake)).toMatchObject({ code: 'NOTE_NOT_OWNED' });
    expect(await town.refusal('retire', spend, grid.peer)).toMatchObject({ code: 'CALLER_NOT_CLIENT' });
    for (const changes of [
      { commonNames: ['User1@GridMSP', 'x'], units: ['client'] },
      { commonNames: ['User1@GridMSP'], units: ['client', 'admin'] },
      { commonNames: [], units: ['client'] },
    ]) {
      expect(await town.refusal('retire', spend, identityOf(grid, changes))).toMatchObject({ field: 'caller' });
    }
  });

  test('T41, T42: a caller has a certificate in strict form, with a key on P-256 or P-384', async () => {
    const spend = { noteIds: [noteId], quantity: '1' };
    for (const { name, pem, refused } of certificateCorpus()) {
      const refusal = await town.refusal('retire', spend, { ...grid.client, certificate: pem });
      // All that are readable are peers' or nobody's.
      const expected = refused === undefined ? /^(CALLER_NOT_CLIENT|REQUEST_MALFORMED)$/ : /^REQUEST_MALFORMED$/;
      expect({ name, refusal }).toMatchObject({ name, refusal: { code: expect.stringMatching(expected) as string } });
    }
    const onP384 = identityOf(grid, { units: ['client'], key: keyNamed('p384', 'P-384') });
    expect(await town.refusal('retire', spend, onP384)).toMatchObject({ code: 'NOTE_NOT_OWNED' });
  });

  test('T09, PEG-8: what is trusted has no place in a request', async () => {
    const { batch } = await sent();
    const text = request(certify(batch, trustIn(city)));
    for (const extra of ['"trust":{}', '"caCertificates":[]', '"__proto__":{}']) {
      expect(await cars.refusal('receive', text.replace(/^{/, `{${extra},`))).toMatchObject({
        code: 'REQUEST_MALFORMED',
      });
    }
    expect(await cars.refusal('settle', text)).toMatchObject({ code: 'LANE_UNKNOWN' });
  });

  test.each(['exportPackets', 'exportReceipts'])(
    'T02: %s answers on the channel that the chain names, and on no other that has the same records',
    async (name) => {
      const { txId } = (await town.call('send', sendRequest())) as { txId: TxId };
      const asked = encode(exportRequestCodec, { laneId: out, txIds: [txId] });
      const elsewhere = jest.spyOn(town.stub, 'getChannelID').mockReturnValue('charging');
      expect(await town.refusal(name, asked)).toEqual({ code: 'CHAIN_NOT_CONFIGURED' });
      elsewhere.mockRestore();
      if (name === 'exportPackets') expect(await town.text(name, asked)).toContain(txId);
      else expect(await town.refusal(name, asked)).toMatchObject({ code: 'LANE_UNKNOWN' });
    },
  );

  test.each([
    ['2 minutes ahead', () => Date.now() + 120_000],
    ['14 minutes ahead', () => Date.now() + 14 * 60_000],
    ['14 minutes behind', () => Date.now() - 14 * 60_000],
    ['in 2099', () => Date.UTC(2099, 0)],
  ])('T14: a transaction that is off the clock is refused before anything else: %s', async (_, timeMs) => {
    town.stub.begin('0'.repeat(64), timeMs());
    const context = new Context();
    context.stub = town.stub.asChaincodeStub();
    for (const contract of [new PegContract(), new GovernanceContract(), new EvidenceContract()]) {
      await expect(async () => contract.beforeTransaction(context)).rejects.toThrow('CLOCK_SKEW');
    }
  });

  test.each(['transfer', ':transfer', ' :transfer', 'peg', '', 'governance:transfer'])(
    'T24: a function has one name, whatever else Fabric takes it by: not %j',
    async (name) => {
      town.stub.begin('0'.repeat(64), Date.now());
      const context = new Context();
      context.stub = town.stub.asChaincodeStub();
      town.stub.args = [name, '{}'];
      await expect(async () => new PegContract().beforeTransaction(context)).rejects.toThrow('"field":"function"');
      town.stub.args = ['peg:transfer', '{}'];
      await expect(new PegContract().beforeTransaction(context)).resolves.toBeUndefined();
    },
  );
});

test('T08: nothing works before the first configuration', async () => {
  const channel = new Channel('city');
  const outputs = [{ recipient: user, quantity: '1', memo: '' }];
  expect(await channel.refusal('issue', { asset: energy, outputs })).toEqual({ code: 'CHAIN_NOT_CONFIGURED' });
  const spend = { noteIds: [noteIdOf(user as never, 'a'.repeat(64) as TxId, 0)], outputs };
  expect(await channel.refusal('transfer', spend)).toEqual({ code: 'CHAIN_NOT_CONFIGURED' });
  const merge = { laneId: out, escrowIds: [0, 1].map((index) => escrowIdOf('a'.repeat(64) as TxId, index)) };
  expect(await channel.refusal('mergeEscrow', merge)).toEqual({ code: 'CHAIN_NOT_CONFIGURED' });
  expect(await channel.refusal('getConfiguration', {})).toEqual({ code: 'CHAIN_NOT_CONFIGURED' });
  expect(await channel.refusal('exportPackets', { laneId: out, txIds: ['a'.repeat(64)] })).toEqual({
    code: 'CHAIN_NOT_CONFIGURED',
  });
});

test('T09: only the functions of the specification can be called', () => {
  const metadata = Reflect as unknown as { getMetadata: (key: string, target: object) => unknown };
  const called = metadata.getMetadata('fabric:transactions', PegContract.prototype) as { name: string }[];
  expect(called.map(({ name }) => name).sort()).toEqual([
    'exportPackets',
    'exportReceipts',
    'getConfiguration',
    'getReceipts',
    'getTransfer',
    'issue',
    'listEscrow',
    'listInFlight',
    'listNotes',
    'mergeEscrow',
    'receive',
    'retire',
    'send',
    'settle',
    'transfer',
  ]);
});

test('state keys are Fabric’s composite keys', () => {
  const file = join(__dirname, '..', '..', 'protocol', 'vectors', 'keys.json');
  const keys = JSON.parse(readFileSync(file, 'utf8')) as { type: string; attributes: string[]; key: string }[];
  for (const { type, attributes, key } of keys) {
    expect(ChaincodeStub.prototype.createCompositeKey.call(undefined as never, type, attributes)).toBe(key);
  }
});
