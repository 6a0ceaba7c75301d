// SPDX-License-Identifier: Apache-2.0

import {
  certificateRequestCodec,
  decodeBatch,
  encode,
  escrowIdOf,
  exportRequestCodec,
  stateKey,
  type BatchKind,
  type EscrowId,
  type NotesResponse,
  type ResultsResponse,
  type SendResponse,
  type TxId,
} from '@gridpeg/protocol';
import { certify, charging, city, energy, grid, laneIdBetween, trustIn } from '@gridpeg/protocol/testing';
import { Channel } from './testing/channel';

const user = 'GridMSP/User1@GridMSP';
const out = laneIdBetween(city, charging);

let town: Channel;
let cars: Channel;
beforeEach(async () => {
  [town, cars] = [await Channel.configured(city), await Channel.configured(charging)];
});

async function issue(quantity: string): Promise<string> {
  const { noteIds } = (await town.call('issue', {
    asset: energy,
    outputs: [{ recipient: user, quantity, memo: '' }],
  })) as NotesResponse;
  return noteIds[0]!;
}

/** Locks in parts of one transaction. */
async function lock(noteId: string, quantities: readonly string[], recipient = user): Promise<SendResponse> {
  const outputs = quantities.map((quantity) => ({ kind: 'transfer', recipient, quantity, memo: '' }));
  const deadlineMs = (Date.now() + 100_000).toString();
  return (await town.call('send', { laneId: out, noteIds: [noteId], outputs, deadlineMs })) as SendResponse;
}

async function certified(kind: BatchKind, from: Channel, txId: TxId, escrowIds: readonly EscrowId[]): Promise<string> {
  const name = kind === 'packets' ? 'exportPackets' : 'exportReceipts';
  const batch = decodeBatch(kind, await from.text(name, encode(exportRequestCodec, { laneId: out, txIds: [txId] })));
  return encode(certificateRequestCodec, {
    certificate: certify(batch, trustIn(from === town ? city : charging)),
    escrowIds,
  });
}

describe('T46: escrow in 250 parts of one unit', () => {
  test('PEG-14: pays a refund once it is merged, which a transaction could not name otherwise', async () => {
    const escrowIds: EscrowId[] = [];
    for (let count = 0; count < 5; count += 1) {
      const { txId } = await lock(
        await issue('50'),
        Array.from({ length: 50 }, () => '1'),
      );
      escrowIds.push(...Array.from({ length: 50 }, (_, index) => escrowIdOf(txId, index)));
    }
    const { txId } = await lock(await issue('250'), ['250']);
    cars.aheadMs = 100_000;
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 100_000);
    const { txId: answered } = (await cars.call(
      'receive',
      await certified('packets', town, txId, []),
    )) as ResultsResponse;
    const parts = await certified('receipts', cars, answered, escrowIds.slice(0, 200));
    expect(((await town.call('settle', parts)) as ResultsResponse).results).toMatchObject([
      { code: 'ESCROW_NOT_NAMED' },
    ]);
    const merge = await town.call('mergeEscrow', { laneId: out, escrowIds: escrowIds.slice(0, 200) });
    const { escrowId } = merge as { escrowId: EscrowId };
    const whole = await certified('receipts', cars, answered, [escrowId, ...escrowIds.slice(200)]);
    expect(((await town.call('settle', whole)) as ResultsResponse).results).toMatchObject([{ result: 'refunded' }]);
    jest.restoreAllMocks();
  });
  test('PEG-12: is merged on a paused lane, which settles, and not on a frozen one', async () => {
    const { txId } = await lock(await issue('2'), ['1', '1']);
    const request = { laneId: out, escrowIds: [escrowIdOf(txId, 0), escrowIdOf(txId, 1)] };
    const status = (state: string): Buffer =>
      Buffer.from(JSON.stringify({ version: 1, laneId: out, sequence: 1, state, txId }));
    town.stub.state.set(stateKey('standing', out), status('frozen'));
    expect(await town.refusal('mergeEscrow', request)).toEqual({ code: 'LANE_FROZEN', laneId: out });
    expect(town.stub.writes.size).toBe(0);
    town.stub.state.set(stateKey('standing', out), status('paused'));
    expect(await town.call('mergeEscrow', request)).toMatchObject({ escrowId: escrowIdOf(town.stub.txId as TxId, 0) });
  });
});

describe('T31: an account of no member', () => {
  test('gets nothing on the chain, and nothing is locked for it', async () => {
    const noteId = await issue('9');
    const recipient = 'gridmsp/User1@GridMSP';
    const outputs = [{ recipient, quantity: '9', memo: '' }];
    expect(await town.refusal('issue', { asset: energy, outputs })).toEqual({ code: 'RECIPIENT_UNKNOWN', recipient });
    expect(await town.refusal('transfer', { noteIds: [noteId], outputs })).toMatchObject({ code: 'RECIPIENT_UNKNOWN' });
    await expect(lock(noteId, ['9'], recipient)).rejects.toThrow('RECIPIENT_UNKNOWN');
    expect(town.stub.writes.size).toBe(0);
  });
  test('is told by the configuration where the chain record is of version 1', async () => {
    const noteId = await issue('9');
    const pay = (recipient: string): object => ({
      noteIds: [noteId],
      outputs: [{ recipient, quantity: '9', memo: '' }],
    });
    const before = JSON.stringify({ version: 1, chainId: city, sequence: 1 });
    town.stub.state.set(stateKey('chain'), Buffer.from(before));
    expect(await town.refusal('transfer', pay('FooMSP/nobody'))).toMatchObject({ code: 'RECIPIENT_UNKNOWN' });
    expect(await town.call('transfer', pay('ChargingMSP/bob'))).toMatchObject({ noteIds: [expect.any(String)] });
  });
});

describe('T51: chaincode that a client calls', () => {
  test.each([
    ['nothing of the peg', ['game:play', '{}']],
    ['the same function with another argument', ['peg:transfer', '{}']],
    ['another function', ['peg:getConfiguration', '{}']],
    ['more arguments', undefined],
  ])('does nothing in its name, when the client signed %s', async (_, signed) => {
    const noteId = await issue('9');
    const outputs = [{ recipient: 'GridMSP/thief', quantity: '9', memo: '' }];
    const theft = JSON.stringify({ noteIds: [noteId], outputs });
    town.stub.signedArgs = signed ?? ['peg:transfer', theft, ''];
    expect(await town.refusal('transfer', theft)).toEqual({ code: 'CALL_NOT_SIGNED' });
    expect(town.stub.writes.size).toBe(0);
    town.stub.signedArgs = ['peg:transfer', theft];
    expect(await town.call('transfer', theft)).toMatchObject({ noteIds: [expect.anything()] });
  });
  test('speaks for no administrator, and may read', async () => {
    town.stub.signedArgs = ['game:play', '{}'];
    const pause = { kind: 'set-assets', state: 'paused', assets: [{ asset: energy, sequence: 1 }] };
    expect(await town.refusal('propose', pause, grid.admin)).toEqual({ code: 'CALL_NOT_SIGNED' });
    expect(await town.call('getConfiguration', {})).toMatchObject({ chainId: city });
  });
});
