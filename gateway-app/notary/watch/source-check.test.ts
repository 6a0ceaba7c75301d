// SPDX-License-Identifier: Apache-2.0

import { type Batch } from '@gridpeg/protocol';
import {
  charging,
  city,
  packetBatchOf,
  packetWith,
  proofOf,
  receiptBatchOf,
  receiptFor,
  trustIn,
} from '@gridpeg/protocol/testing';
import { PegError, type PegErrorCode } from '../../client';
import { type Dispute } from './accuser';
import { SourceCheck } from './source-check';

const trust = trustIn(city);
const truth = packetBatchOf(packetWith(), packetWith({ index: 1 }));
const lie = packetBatchOf(packetWith(), packetWith({ index: 1, quantity: 101n }));

/** A check whose own peer gives these answers, one after another, and the last one from then on. */
function checkAgainst(...answers: ReadonlyArray<Batch | PegErrorCode | undefined>) {
  const left = [...answers];
  const counted: string[] = [];
  const disputes: Dispute[] = [];
  let asked = 0;
  const check = new SourceCheck({
    ownAnswer: () => {
      asked += 1;
      const answer = left.length > 1 ? left.shift() : left[0];
      if (typeof answer === 'string') return Promise.reject(new PegError({ code: answer }));
      return answer && Promise.resolve(answer);
    },
    count: (result) => counted.push(result),
    dispute: (dispute) => {
      disputes.push(dispute);
      return Promise.resolve();
    },
  });
  const of = (batch: Batch): Promise<string> =>
    check.check(proofOf(batch), batch, trust).catch((error: unknown) => {
      if (!(error instanceof PegError)) throw error;
      return error.code;
    });
  return { of, counted, disputes, asked: () => asked };
}

describe('T43: before a notary signs', () => {
  test('its own peer has said the same', async () => {
    const { of, counted } = checkAgainst(truth);
    expect(await of(truth)).toBe('compared');
    expect(counted).toEqual(['compared']);
  });
  test('it says that it has no peer to compare with', async () => {
    const { of, counted } = checkAgainst(undefined);
    expect(await of(truth)).toBe('proof-only');
    expect(counted).toEqual(['proof-only']);
  });
  test.each<[string, Batch, Batch | PegErrorCode]>([
    ['another content of a packet', lie, truth],
    ['a packet more', truth, packetBatchOf(packetWith())],
    ['a packet less', packetBatchOf(packetWith()), truth],
    ['packets in another order', packetBatchOf(truth.entries[1]!, truth.entries[0]!), truth],
    ['packets of transactions that have none of this lane', truth, 'BATCH_EMPTY'],
    [
      'a receipt that the peer has given otherwise',
      receiptBatchOf(packetWith(), receiptFor(packetWith(), { outcome: 'refused' })),
      receiptBatchOf(packetWith(), receiptFor(packetWith())),
    ],
  ])('%s is refused for good, and its proof handed on', async (_, claimed, own) => {
    const { of, counted, disputes } = checkAgainst(own);
    expect(await of(claimed)).toBe('SOURCE_DIFFERS');
    expect(counted).toEqual(['different']);
    expect(disputes).toMatchObject([{ batch: claimed, trust }]);
    expect(new PegError({ code: 'SOURCE_DIFFERS' }).class).toBe('drop');
  });
  test('the packet in dispute is the one that differs', async () => {
    const { of, disputes } = checkAgainst(truth);
    await of(lie);
    expect(disputes).toMatchObject([{ packetId: lie.entries[1]!.id }]);
  });
  test('a peer that lags is asked again until it has the block', async () => {
    const { of, asked, counted } = checkAgainst('OUTBOX_UNKNOWN', 'OUTBOX_UNKNOWN', truth);
    expect(await of(truth)).toBe('compared');
    expect([asked(), counted]).toEqual([3, ['compared']]);
  });
  test('a peer that lags, or does not answer, makes the relay ask again later, and nobody is accused', async () => {
    for (const [own, code, result] of [
      ['OUTBOX_UNKNOWN', 'SOURCE_BEHIND', 'behind'],
      ['PEER_UNAVAILABLE', 'SOURCE_UNAVAILABLE', 'unavailable'],
      ['ENDORSEMENT_FAILED', 'SOURCE_UNAVAILABLE', 'unavailable'],
    ] as const) {
      const { of, counted, disputes } = checkAgainst(own);
      expect([await of(truth), counted, disputes]).toEqual([code, [result], []]);
      expect(new PegError({ code }).class).toBe('retry');
    }
  });
  test('what was compared once is not asked for again; what differs only by its chain is', async () => {
    const { of, asked } = checkAgainst(truth);
    await of(truth);
    expect(await of(truth)).toBe('compared');
    expect(asked()).toBe(1);
    expect(await of({ ...truth, sourceChainId: charging })).toBe('SOURCE_DIFFERS');
    expect(asked()).toBe(2);
  });
});
