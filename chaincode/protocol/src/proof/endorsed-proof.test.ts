// SPDX-License-Identifier: Apache-2.0

import { encodeBatch, exportFunctions } from '../records/batch';
import { claimOf, type EndorsedProof, sameSerial, verifyEndorsedProof } from './endorsed-proof';
import {
  charging,
  chargingMember,
  city,
  codeOf,
  grid,
  members,
  message,
  microgrid,
  microgridMember,
  packetBatchOf,
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
const argument = (laneId: string): string => JSON.stringify({ laneId, txIds: batch.txIds });
const editing = (part: ProofPart, change: (bytes: Buffer) => Buffer): Partial<ProofPlan> => ({
  edit: (which, bytes) => (which === part ? change(bytes) : bytes),
});
const verify = (changes: Partial<ProofPlan>, under = trust): unknown =>
  refusalOf(() => verifyEndorsedProof(proofOf(batch, changes), under));

describe('an endorsed proof', () => {
  test('of honest peers of two organizations is accepted, and says whose', () => {
    expect(verifyEndorsedProof(proofOf(batch), trust)).toEqual({ batch, organizations: ['GridMSP', 'MicrogridMSP'] });
  });
  test('of receipts is accepted under the trust record of the chain that received', () => {
    const proven = verifyEndorsedProof(proofOf(receiptBatchFixture), trustIn(charging));
    expect(proven.batch).toEqual(receiptBatchFixture);
  });
  test('claims a lane and a kind before anything is verified', () => {
    expect(claimOf(proofOf(batch, { endorsers: [] }))).toEqual({ kind: 'packets', laneId: batch.laneId });
    expect(claimOf(proofOf(receiptBatchFixture)).kind).toBe('receipts');
  });
});

describe('T01: a simulation is no read of a committed record', () => {
  test.each(['peg:send', 'peg:receive', 'peg:getTransfer', 'send', 'exportPackets', 'peg:exportPackets ', ''])(
    'the answer of %j is refused, whatever it says',
    (name) => {
      const args = [name, argument(batch.laneId)];
      expect(verify({ args })).toEqual({ code: 'PROOF_FOREIGN', field: 'proposalPayload.function' });
      expect(codeOf(() => claimOf(proofOf(batch, { args })))).toBe('PROOF_FOREIGN');
    },
  );
});

describe('T02: every field that binds a proof', () => {
  test.each<[string, Partial<ProofPlan>, string]>([
    ['another channel', { channel: 'charging' }, 'channelHeader.channelId'],
    ['a channel whose name begins alike', { channel: 'city2' }, 'channelHeader.channelId'],
    ['no channel', { channel: '' }, 'channelHeader.channelId'],
    ['another type of transaction', { headerType: 1 }, 'channelHeader.type'],
    ['another chaincode in the header', { headerChaincode: 'other' }, 'channelHeader.chaincode'],
    ['another chaincode in the proposal', { chaincode: 'other' }, 'proposalPayload.chaincode'],
    ['another chaincode in the answer', { answeringChaincode: 'other' }, 'responsePayload.chaincode'],
    ['no argument', { args: ['peg:exportPackets'] }, 'proposalPayload.function'],
    ['no function', { args: [''] }, 'proposalPayload.function'],
    ['an argument too many', { args: ['peg:exportPackets', argument(batch.laneId), 'x'] }, 'proposalPayload.function'],
    ['the answer for another lane', { args: ['peg:exportPackets', argument('city-to-microgrid')] }, 'batch.laneId'],
    ['a status that is not 200', { status: 500 }, 'responsePayload.status'],
    ['the answer to another proposal', { proposalHash: Buffer.alloc(32, 1) }, 'responsePayload.proposalHash'],
    ['an answer without proposal hash', { proposalHash: Buffer.alloc(0) }, 'responsePayload.proposalHash'],
    [
      'a batch of another chain',
      { payload: encodeBatch({ ...batch, sourceChainId: microgrid }) },
      'batch.sourceChainId',
    ],
  ])('%s is refused', (_, changes, field) => {
    expect(verify(changes)).toEqual({ code: 'PROOF_FOREIGN', field });
  });

  test('a channel of the same name with another genesis block is another chain', () => {
    const other = trustIn(packetWith().destinationChainId, { chainId: `city-${'0'.repeat(64)}` as typeof city });
    expect(verify({}, other)).toEqual({ code: 'PROOF_FOREIGN', field: 'batch.sourceChainId' });
  });
  test('a batch of receipts is no answer to exportPackets, nor the other way round', () => {
    const payload = encodeBatch({ ...receiptBatchFixture, sourceChainId: city, laneId: batch.laneId });
    expect(verify({ payload })).toMatchObject({ code: 'BATCH_MALFORMED', field: 'kind' });
    const args = [exportFunctions.receipts, argument(batch.laneId)];
    expect(verify({ args })).toMatchObject({ code: 'BATCH_MALFORMED', field: 'kind' });
  });
  test('an argument that is no export request is refused', () => {
    expect(verify({ args: ['peg:exportPackets', '{}'] })).toMatchObject({ code: 'REQUEST_MALFORMED' });
  });
  test.each(['channelHeader', 'proposalPayload'] as const)(
    '%s of another proposal of the same kind is refused',
    (part) => {
      const proof = proofOf(batch);
      const later = message([1, 1_700_000_000], [2, 6]);
      const other = proofOf(
        { ...batch, txIds: [...batch.txIds, txIdNamed('other')] },
        editing('timestamp', () => later),
      );
      expect(other[part]).not.toBe(proof[part]);
      expect(refusalOf(() => verifyEndorsedProof({ ...proof, [part]: other[part] }, trust))).toEqual({
        code: 'PROOF_FOREIGN',
        field: 'responsePayload.proposalHash',
      });
    },
  );
});

describe('T04: what peers signed', () => {
  test('an altered packet invalidates the signatures', () => {
    const proof = proofOf(batch);
    const altered = packetBatchOf(packetWith({ quantity: 101n }), batch.entries[1]!);
    const { responsePayload } = proofOf(batch, { payload: encodeBatch(altered) });
    expect(refusalOf(() => verifyEndorsedProof({ ...proof, responsePayload }, trust))).toEqual({
      code: 'SIGNATURE_INVALID',
      signer: 'GridMSP',
    });
  });
  test('two peers that answered differently make no proof', () => {
    const altered = packetBatchOf(packetWith({ quantity: 101n }), batch.entries[1]!);
    const [first] = proofOf(batch).endorsements;
    const [, second] = proofOf(batch, { payload: encodeBatch(altered) }).endorsements;
    const proof = { ...proofOf(batch), endorsements: [first!, second!] };
    expect(refusalOf(() => verifyEndorsedProof(proof, trust))).toEqual({
      code: 'SIGNATURE_INVALID',
      signer: 'MicrogridMSP',
    });
  });
  test('a signature covers the endorser: another identity of the organization cannot take it over', () => {
    const endorsements = [grid, microgridMember].map(({ peer }, index) => {
      const own = proofOf(batch).endorsements[index]!;
      const endorser = message([1, peer.mspId], [2, peer.certificate.trimEnd()]).toString('base64');
      return { ...own, endorser };
    });
    expect(codeOf(() => verifyEndorsedProof({ ...proofOf(batch), endorsements }, trust))).toBe('SIGNATURE_INVALID');
  });
  test.each([
    ['a space before it', (text: string) => ` ${text}`],
    ['a line feed after it', (text: string) => `${text}\n`],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['a number as 1e0', (text: string) => text.replace('"version":1', '"version":1e0')],
    ['no text at all', () => ''],
  ])('T24: a batch with %s is refused, even when peers signed it', (_, change) => {
    expect(verify({ payload: change(encodeBatch(batch)) })).toMatchObject({ code: 'BATCH_MALFORMED' });
  });
  test('T24: bytes that are no UTF-8 are refused, even when peers signed them', () => {
    const payload = Buffer.concat([Buffer.from(encodeBatch(batch)), Buffer.from([0xff])]);
    expect(verify({ payload })).toMatchObject({ code: 'BATCH_MALFORMED' });
  });
});

describe('T24: protobuf readers differ, so each message is refused with', () => {
  /** A field number that the message has, so that it can be repeated, and what a refusal calls it. */
  const present: Readonly<Record<Exclude<ProofPart, 'input'>, readonly [number, string]>> = {
    channelHeader: [4, 'channelHeader'],
    headerExtension: [2, 'channelHeader.extension'],
    headerChaincodeId: [2, 'channelHeader.chaincode'],
    timestamp: [1, 'channelHeader.timestamp'],
    creator: [1, 'signatureHeader.creator'],
    signatureHeader: [1, 'signatureHeader'],
    proposalPayload: [1, 'proposalPayload'],
    invocation: [1, 'proposalPayload.input'],
    spec: [2, 'proposalPayload.spec'],
    specChaincodeId: [2, 'proposalPayload.chaincode'],
    responsePayload: [1, 'responsePayload'],
    action: [3, 'responsePayload.action'],
    actionChaincodeId: [2, 'responsePayload.chaincode'],
    response: [3, 'responsePayload.response'],
    endorser: [1, 'endorser'],
  };
  const parts = Object.entries(present).map(([part, [number, field]]) => ({ part: part as ProofPart, number, field }));
  const malformed = (field: string): object => ({
    code: 'PROOF_MALFORMED',
    field,
    expected: 'the Fabric message or certificate of that name, as Fabric writes it',
  });

  test.each([...parts, { part: 'input' as const, field: 'proposalPayload.args' }])(
    'an unknown field: $part',
    ({ part, field }) => {
      expect(verify(editing(part, (bytes) => Buffer.concat([bytes, message([99, 'x'])])))).toEqual(malformed(field));
    },
  );
  test.each(parts)('a field twice: $part', ({ part, number, field }) => {
    const again = message([number, 'again']);
    expect(verify(editing(part, (bytes) => Buffer.concat([bytes, again])))).toEqual(malformed(field));
    expect(verify(editing(part, (bytes) => Buffer.concat([again, bytes])))).toEqual(malformed(field));
  });
  test.each(parts.filter(({ part }) => part !== 'timestamp'))('another wire type: $part', ({ part, number, field }) => {
    expect(verify(editing(part, () => message([number, 1])))).toEqual(malformed(field));
  });
  test.each(parts)('its end cut off: $part', ({ part }) => {
    expect(verify(editing(part, (bytes) => bytes.subarray(0, -1)))).toMatchObject({ code: 'PROOF_MALFORMED' });
  });
  test('transient data, an init, decorations', () => {
    const fields: [ProofPart, Buffer][] = [
      ['proposalPayload', message([2, 'transient'])],
      ['input', message([2, 'decorations'])],
      ['input', message([3, 1])],
    ];
    for (const [part, field] of fields) {
      expect(verify(editing(part, (bytes) => Buffer.concat([bytes, field])))).toMatchObject({
        code: 'PROOF_MALFORMED',
      });
    }
  });
  test('integers for what is text, text for integers', () => {
    expect(verify(editing('channelHeader', (bytes) => Buffer.concat([bytes, message([2, 'x'])])))).toMatchObject({
      code: 'PROOF_MALFORMED',
      field: 'channelHeader',
    });
  });
});

describe('T34: caps come before work', () => {
  test('a proof of 512 KiB with its endorsements is read, one byte more is not', () => {
    const creatorOf = (size: number): Partial<ProofPlan> =>
      editing('creator', () =>
        message([1, grid.mspId], [2, `-----BEGIN CERTIFICATE-----${'A'.repeat(size)}-----END CERTIFICATE-----`]),
      );
    const sizeOf = (of: EndorsedProof): number => {
      const { channelHeader, signatureHeader, proposalPayload, responsePayload, endorsements } = of;
      const signed = endorsements.flatMap(({ endorser, signature }) => [endorser, signature]);
      const parts = [channelHeader, signatureHeader, proposalPayload, responsePayload, ...signed];
      return parts.reduce((sum, part) => sum + Buffer.byteLength(part, 'base64'), 0);
    };
    const proof = proofOf(batch, creatorOf(400_000));
    expect(refusalOf(() => verifyEndorsedProof(proof, trust))).toBe('accepted');
    const padded = (bytes: number): EndorsedProof => {
      const [first, second] = proof.endorsements;
      const signature = Buffer.alloc(bytes + Buffer.byteLength(second!.signature, 'base64')).toString('base64');
      return { ...proof, endorsements: [first!, { ...second!, signature }] };
    };
    const left = 512 * 1024 - sizeOf(proof);
    const refusal = { code: 'PROOF_MALFORMED', field: 'proof', expected: 'at most 524288 bytes' };
    expect(codeOf(() => verifyEndorsedProof(padded(left), trust))).toBe('SIGNATURE_INVALID');
    expect(refusalOf(() => verifyEndorsedProof(padded(left + 1), trust))).toEqual(refusal);
    expect(codeOf(() => claimOf(padded(left)))).toBe('accepted');
    expect(refusalOf(() => claimOf(padded(left + 1)))).toEqual(refusal);
  });
  test('a proof of much more than 512 KiB is refused', () => {
    expect(verify({ payload: 'x'.repeat(512 * 1024) })).toMatchObject({ code: 'PROOF_MALFORMED', field: 'proof' });
    expect(verify(editing('signatureHeader', () => Buffer.alloc(512 * 1024)))).toMatchObject({ field: 'proof' });
  });
  test('too few organizations are refused before any certificate is read', () => {
    const endorser = { ...chargingMember.peer, certificate: 'no certificate' };
    expect(verify({ endorsers: [endorser] })).toEqual({ code: 'ENDORSEMENTS_TOO_FEW', found: 1, required: 2 });
  });
  test('a refusal repeats no more than 64 characters of an organization’s name', () => {
    const endorser = { ...grid.peer, mspId: 'A'.repeat(65) as typeof grid.mspId };
    expect(verify({ endorsers: [endorser] })).toEqual({ code: 'ENDORSER_STRANGER', organization: 'A'.repeat(64) });
  });
  test('as many organizations as the trust record demands are needed', () => {
    const strict = trustIn(city, { minimumOrganizations: 4 });
    const peers = members.map(({ peer }) => peer);
    expect(verify({ endorsers: peers }, strict)).toBe('accepted');
    expect(verify({ endorsers: peers.slice(1) }, strict)).toMatchObject({ code: 'ENDORSEMENTS_TOO_FEW' });
    expect(verify({ endorsers: [] })).toEqual({ code: 'ENDORSEMENTS_TOO_FEW', found: 0, required: 2 });
  });
});

test.each([
  ['A0', 'A0', true],
  ['A0', '000A0', true],
  ['000A0', 'A0', true],
  ['0A', 'A0', false],
  ['A0', 'A', false],
])('T13: the serial numbers %s and %s are one: %s', (a, b, same) => {
  expect(sameSerial(a, b)).toBe(same);
});
