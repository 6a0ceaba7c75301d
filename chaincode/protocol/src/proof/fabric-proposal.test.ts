// SPDX-License-Identifier: Apache-2.0

import { encodeBatch } from '../records/batch';
import { claimOf, type EndorsedProof, verifyEndorsedProof, verifyRecordedProof } from './endorsed-proof';
import { readProposal } from './fabric-proposal';
import {
  city,
  exportArgumentOf,
  grid,
  inVersion1,
  message,
  packetBatchFixture as batch,
  packetWith,
  type ProofPart,
  type ProofPlan,
  proofOf,
  receiptBatchFixture,
  refusalOf,
  trustIn,
  txIdNamed,
} from '../testing';

const trust = trustIn(city);
const verify = (changes: Partial<ProofPlan>): unknown =>
  refusalOf(() => verifyEndorsedProof(proofOf(batch, changes), trust));
const editing = (part: ProofPart, change: (bytes: Buffer) => Buffer): Partial<ProofPlan> => ({
  edit: (which, bytes) => (which === part ? change(bytes) : bytes),
});
const creator = message([1, grid.mspId], [2, grid.client.certificate]);
const nonce = Buffer.alloc(24, 1);
/** Its field of that number out, and another in its place. */
const instead =
  (start: Buffer, end: number, other: Buffer): ((bytes: Buffer) => Buffer) =>
  (bytes) => {
    const at = bytes.indexOf(start);
    return Buffer.concat([bytes.subarray(0, at), other, bytes.subarray(at + start.length + end)]);
  };

describe('T39: a proposal has one form', () => {
  test.each<[string, ProofPart, (bytes: Buffer) => Buffer, string]>([
    ['no signature header', 'signatureHeader', () => Buffer.alloc(0), 'signatureHeader.creator'],
    ['a signature header of zeros', 'signatureHeader', () => Buffer.alloc(1000), 'signatureHeader'],
    ['no creator', 'signatureHeader', () => message([2, nonce]), 'signatureHeader.creator'],
    ['no nonce', 'signatureHeader', () => message([1, creator]), 'signatureHeader.nonce'],
    [
      'a nonce of 23 bytes',
      'signatureHeader',
      () => message([1, creator], [2, nonce.subarray(1)]),
      'signatureHeader.nonce',
    ],
    [
      'a nonce of 25 bytes',
      'signatureHeader',
      () => message([1, creator], [2, Buffer.alloc(25, 1)]),
      'signatureHeader.nonce',
    ],
    [
      'another field after the nonce',
      'signatureHeader',
      (bytes) => Buffer.concat([bytes, message([3, 'x'])]),
      'signatureHeader',
    ],
    ['nonce before creator', 'signatureHeader', () => message([2, nonce], [1, creator]), 'signatureHeader'],
    ['a creator that is no identity', 'creator', () => Buffer.from('somebody'), 'signatureHeader.creator'],
    ['a creator without name', 'creator', () => message([2, grid.client.certificate]), 'signatureHeader.creator'],
    [
      'a creator with a name that no MSP has',
      'creator',
      () => message([1, 'a b'], [2, grid.client.certificate]),
      'signatureHeader.creator',
    ],
    ['a creator without certificate', 'creator', () => message([1, grid.mspId]), 'signatureHeader.creator'],
    [
      'a message instead of a certificate',
      'creator',
      () => message([1, grid.mspId], [2, creator]),
      'signatureHeader.creator',
    ],
    [
      'bytes before the certificate',
      'creator',
      () => message([1, grid.mspId], [2, `x${grid.client.certificate}`]),
      'signatureHeader.creator',
    ],
    [
      'bytes after the certificate',
      'creator',
      () => message([1, grid.mspId], [2, `${grid.client.certificate}x`]),
      'signatureHeader.creator',
    ],
    [
      'bytes inside the certificate',
      'creator',
      () => message([1, grid.mspId], [2, grid.client.certificate.replace('M', '\u0012')]),
      'signatureHeader.creator',
    ],
    ['no time', 'timestamp', () => Buffer.alloc(0), 'channelHeader.timestamp'],
    ['no seconds', 'timestamp', () => message([2, 5]), 'channelHeader.timestamp'],
    ['a time before 1970', 'timestamp', () => message([1, -1]), 'channelHeader.timestamp'],
    ['too many nanoseconds', 'timestamp', () => message([1, 1], [2, 1_000_000_000]), 'channelHeader.timestamp'],
    ['nanoseconds below zero', 'timestamp', () => message([1, 1], [2, -1]), 'channelHeader.timestamp'],
    ['a version', 'channelHeader', instead(Buffer.from([8, 3]), 0, message([1, 3], [2, 1])), 'channelHeader'],
    [
      'an epoch',
      'channelHeader',
      (bytes) =>
        Buffer.concat([bytes.subarray(0, bytes.indexOf(':')), message([6, 1]), bytes.subarray(bytes.indexOf(':'))]),
      'channelHeader',
    ],
    [
      'a hash of a TLS certificate',
      'channelHeader',
      (bytes) => Buffer.concat([bytes, message([8, nonce])]),
      'channelHeader',
    ],
    [
      'a path of the chaincode',
      'headerChaincodeId',
      (bytes) => Buffer.concat([message([1, 'path']), bytes]),
      'channelHeader.chaincode',
    ],
    [
      'a version of the chaincode',
      'specChaincodeId',
      (bytes) => Buffer.concat([bytes, message([3, '1'])]),
      'proposalPayload.chaincode',
    ],
    ['another type of chaincode', 'spec', instead(Buffer.from([8, 2]), 0, message([1, 1])), 'proposalPayload.type'],
    ['no type of chaincode', 'spec', instead(Buffer.from([8, 2]), 0, Buffer.alloc(0)), 'proposalPayload.type'],
    ['a timeout', 'spec', (bytes) => Buffer.concat([bytes, message([4, 1])]), 'proposalPayload.spec'],
    [
      'a field after the invocation',
      'proposalPayload',
      (bytes) => Buffer.concat([bytes, message([4, 'channel'])]),
      'proposalPayload',
    ],
  ])('%s is refused', (_, part, change, field) => {
    expect(verify(editing(part, change))).toMatchObject({ code: 'PROOF_MALFORMED', field });
  });
  test('a time of whole seconds is accepted, as is a certificate with the line ends of another system', () => {
    expect(verify(editing('timestamp', () => message([1, 1_700_000_000])))).toBe('accepted');
    const crlf = grid.client.certificate.replaceAll('\n', '\r\n');
    expect(verify(editing('creator', () => message([1, grid.mspId], [2, crlf])))).toBe('accepted');
  });
  test('the transaction id is that of nonce and creator', () => {
    const other = { code: 'PROOF_FOREIGN', field: 'channelHeader.txId' };
    expect(verify(editing('signatureHeader', () => message([1, creator], [2, nonce])))).toEqual(other);
    const upper = (bytes: Buffer): Buffer =>
      Buffer.from(
        bytes.toString('latin1').replace(/[a-f0-9]{64}/, (id) => id.toUpperCase()),
        'latin1',
      );
    expect(verify(editing('channelHeader', upper))).toEqual(other);
  });
  test('the argument is the canonical text of the request', () => {
    const { laneId, txIds } = batch;
    for (const argument of [
      JSON.stringify({ txIds, laneId }),
      ` ${exportArgumentOf(batch)}`,
      `${exportArgumentOf(batch)}\n`,
    ]) {
      const args = ['peg:exportPackets', argument];
      expect(verify({ args })).toMatchObject({ code: 'REQUEST_MALFORMED' });
      expect(refusalOf(() => claimOf(proofOf(batch, { args })))).toMatchObject({ code: 'REQUEST_MALFORMED' });
    }
  });
});

describe('T39: the answer says itself what was asked', () => {
  const foreign = (field: string): object => ({ code: 'PROOF_FOREIGN', field });
  const txIds = [txIdNamed('other'), ...batch.txIds];

  test.each([
    ['more transactions', { ...batch, txIds }],
    ['other transactions', { ...batch, txIds: [txIdNamed('other')] }],
    ['the same transactions twice', { ...batch, txIds: [...batch.txIds, ...batch.txIds] }],
  ])('an answer about %s is refused', (_, other) => {
    expect(verify({ payload: encodeBatch(other) })).toEqual(foreign('batch.txIds'));
  });
  test('transactions are named in the order in which they were asked for', () => {
    const asked = exportArgumentOf({ ...batch, txIds });
    const answer = { ...batch, txIds: [...txIds].reverse() };
    const args = ['peg:exportPackets', asked];
    expect(verify({ args, payload: encodeBatch({ ...batch, txIds }) })).toBe('accepted');
    expect(verify({ args, payload: encodeBatch(answer) })).toEqual(foreign('batch.txIds'));
  });
  test('a packet of a transaction that was not asked for is refused, wherever it stands', () => {
    const stranger = packetWith({ txId: txIdNamed('other') });
    for (const entries of [[stranger], [...batch.entries, stranger], [stranger, ...batch.entries]]) {
      expect(verify({ payload: encodeBatch({ ...batch, entries }) })).toEqual(foreign('batch.entries'));
    }
  });
  test('receipts name packets of another chain, so only what was asked for is compared', () => {
    const other = { ...receiptBatchFixture, txIds: [txIdNamed('other')] };
    const under = trustIn(receiptBatchFixture.sourceChainId);
    const proof = proofOf(receiptBatchFixture, { payload: encodeBatch(other) });
    expect(refusalOf(() => verifyEndorsedProof(proof, under))).toEqual(foreign('batch.txIds'));
  });
});

describe('a batch of version 1', () => {
  const first = inVersion1(batch);

  test('is read by readers of history', () => {
    const { batch: read } = verifyRecordedProof(proofOf(first), trust);
    expect(read).toEqual(first);
    expect(verifyRecordedProof(proofOf(batch), trust).batch).toEqual(batch);
  });
  test('is nothing to act upon', () => {
    expect(refusalOf(() => verifyEndorsedProof(proofOf(first), trust))).toEqual({
      ...{ code: 'BATCH_MALFORMED', field: 'version', expected: '2' },
    });
  });
  test('is bound by kind and lane even for readers of history', () => {
    const read = (changes: Partial<ProofPlan>): unknown =>
      refusalOf(() => verifyRecordedProof(proofOf(first, changes), trust));
    const other = JSON.parse(exportArgumentOf(first)) as object;
    const args = ['peg:exportPackets', JSON.stringify({ ...other, laneId: 'another-lane' })];
    expect(read({ args })).toEqual({ code: 'PROOF_FOREIGN', field: 'batch.laneId' });
    expect(read({ args: ['peg:exportReceipts', exportArgumentOf(first)] })).toEqual({
      ...{ code: 'PROOF_FOREIGN', field: 'batch.kind' },
    });
  });
});

describe('T02, T39: the bytes of one proposal, cut wherever', () => {
  /** All ways to cut the bytes in three that are read as an export, as the two places. */
  function readings(proof: EndorsedProof): readonly (readonly [number, number])[] {
    const whole = Buffer.concat(
      [proof.channelHeader, proof.signatureHeader, proof.proposalPayload].map((part) => Buffer.from(part, 'base64')),
    );
    const found: [number, number][] = [];
    for (let first = 0; first <= whole.length; first += 1) {
      for (let second = first; second <= whole.length; second += 1) {
        const proposal = {
          channelHeader: whole.subarray(0, first),
          signatureHeader: whole.subarray(first, second),
          proposalPayload: whole.subarray(second),
        };
        const answer = refusalOf(() => readProposal(proposal, 'city', 'gridpeg'));
        if (answer === 'accepted') found.push([first, second]);
        // Whatever comes after such a header, it stays no header of this channel.
        else if ((answer as { field?: string }).field?.startsWith('channelHeader') === true) break;
      }
    }
    return found;
  }

  test('have the one reading that they were made with', () => {
    const proof = proofOf(batch);
    const [first, second] = [proof.channelHeader, proof.signatureHeader].map((part) =>
      Buffer.byteLength(part, 'base64'),
    );
    expect(readings(proof)).toEqual([[first, first! + second!]]);
  });
  test('of another channel have none, though the header of this one is their beginning', () => {
    const proof = proofOf(batch);
    const { channelHeader, signatureHeader, proposalPayload } = proof;
    // What a peer of the other channel reads: to it, all after our header but the channel's second name is unknown.
    const header = Buffer.concat([
      ...[channelHeader, signatureHeader, proposalPayload].map((part) => Buffer.from(part, 'base64')),
      message([4, 'charging']),
    ]);
    expect(readings({ ...proof, channelHeader: header.toString('base64') })).toEqual([]);
  });
});
