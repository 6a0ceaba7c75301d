// SPDX-License-Identifier: Apache-2.0

import { codeOf, packetBatchOf, packetWith, proofOf, refusalOf } from '../testing';
import { sendEnvelope, sendOf, validityOf } from '../testing/light-client/transaction-writer';
import { fabricMessage } from '../testing/proof-writer';
import { city, trustIn } from '../testing/consortium';
import { validityAnswer, verifyValid, verifyValidityAnswer } from './validity';

const send = sendOf(city, 'send');
const envelope = sendEnvelope('city', 'send', send);
const transaction = { channel: 'city', txId: send.txId, envelope };
const trust = trustIn(city);

test('a validity answer is what peers signed, without the envelope', () => {
  const named = { headerChaincode: 'qscc', chaincode: 'qscc', answeringChaincode: 'qscc' };
  const proof = proofOf(packetBatchOf(packetWith()), {
    ...named,
    args: ['GetTransactionByID', 'city', send.txId],
    payload: fabricMessage([1, envelope], [2, 11]),
  });
  const answer = validityAnswer(proof);
  const sizeOf = (text: string): number => Buffer.byteLength(text, 'base64');
  expect(sizeOf(answer.before) + sizeOf(answer.after)).toBe(sizeOf(proof.responsePayload) - envelope.length);
  expect(verifyValidityAnswer(answer, transaction, trust)).toEqual({
    validationCode: 11,
    organizations: ['GridMSP', 'MicrogridMSP'],
  });
  expect(codeOf(() => verifyValid(answer, transaction, trust))).toBe('TRANSACTION_INVALID');
  expect(() => validityAnswer({ ...proof, responsePayload: '' })).toThrow('qscc: no envelope');
  expect(() => validityAnswer({ ...proof, responsePayload: 'AAAA' })).toThrow();
});

test('T02: a validity answer is about one transaction of one channel', () => {
  const answer = validityOf('city', send, envelope);
  expect(verifyValid(answer, transaction, trust)).toEqual(['GridMSP', 'MicrogridMSP']);
  const others = [
    { ...transaction, txId: 'a'.repeat(64) },
    { ...transaction, channel: 'microgrid' },
    { ...transaction, envelope: sendEnvelope('city', 'send', send, { txId: 'b'.repeat(64) }) },
  ];
  expect(others.map((other) => codeOf(() => verifyValid(answer, other, trust)))).toEqual([
    'PROOF_FOREIGN',
    'PROOF_FOREIGN',
    'SIGNATURE_INVALID',
  ]);
});

test('T34: a validity answer of more than 512 kB is refused before it is decoded', () => {
  const answer = validityOf('city', send, envelope);
  const long = { ...answer, after: 'A'.repeat(720_000) };
  expect(refusalOf(() => verifyValid(long, transaction, trust))).toMatchObject({
    code: 'PROOF_MALFORMED',
    field: 'proof',
  });
});
