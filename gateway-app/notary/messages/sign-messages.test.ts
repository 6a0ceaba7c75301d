// SPDX-License-Identifier: Apache-2.0

import { cpuUsage } from 'node:process';
import { decodeRequest, encode } from '@gridpeg/protocol';
import { growthBy, packetBatchFixture, proofOf, refusalOf } from '@gridpeg/protocol/testing';
import { maximumBodyBytes, signRequestCodec } from './sign-messages';

const proof = proofOf(packetBatchFixture);
const body = encode(signRequestCodec, { proof });
const growthOf = growthBy(() => {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
});

describe('T40: twice the body of a request to sign takes at most 2.5 times the work', () => {
  const [endorsement] = proof.endorsements;
  const filled = (unit: string, size: number): string => unit.repeat(Math.floor(size / unit.length));
  const inProof = (field: keyof typeof proof, value: (size: number) => string) => (size: number) =>
    body.replace(JSON.stringify(proof[field]), value(size));

  test.each<[string, (size: number) => string]>([
    ['endorsements', inProof('endorsements', (size) => `[${filled(`${JSON.stringify(endorsement)},`, size)}{}]`)],
    ['empty endorsements', inProof('endorsements', (size) => `[${filled('{},', size)}{}]`)],
    ['a long proposal', inProof('proposalPayload', (size) => JSON.stringify(filled('QUJD', size)))],
    ['a long answer that is no base64', inProof('responsePayload', (size) => JSON.stringify(`${filled('=', size)}!`))],
    ['escapes', inProof('channelHeader', (size) => `"${filled('\\u0041', size)}"`)],
    ['line ends', (size) => filled('\n', size)],
    ['records in records', (size) => `${filled('{"proof":', size)}1${'}'.repeat(Math.floor(size / 9))}`],
    ['one field again and again', (size) => `{${filled('"proof":1,', size)}"proof":1}`],
    ['unknown fields', (size) => `{${Array.from({ length: size / 12 }, (_, i) => `"${i.toString()}":1`).join()}}`],
    ['digits', (size) => filled('1', size)],
  ])('%s', (_, inputOf) => {
    const work = (text: string): unknown => refusalOf(() => decodeRequest(signRequestCodec, text, maximumBodyBytes));
    expect(growthOf(inputOf, work, [2 ** 15, 2 ** 18])).toBeLessThanOrEqual(2.5);
  });
  test('T34: a body above the bound is refused before it is looked into', () => {
    const work = () => decodeRequest(signRequestCodec, ' '.repeat(maximumBodyBytes + 1), maximumBodyBytes);
    expect(refusalOf(work)).toMatchObject({ code: 'REQUEST_MALFORMED' });
  });
});
