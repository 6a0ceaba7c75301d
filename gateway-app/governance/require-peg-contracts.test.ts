// SPDX-License-Identifier: Apache-2.0

import { wireVersion } from '@gridpeg/protocol';
import { PegError } from '../client';
import { requirePegContracts, requirePegged } from './require-peg-contracts';

const own = { title: 'Peg', version: wireVersion.toString() };
const metadata = (contracts: object): string => JSON.stringify({ contracts });
const whole = { peg: { info: own }, governance: {}, evidence: {}, 'org.hyperledger.fabric': {} };

describe('a chaincode that is to be pegged', () => {
  test.each([
    ['this version', whole],
    ['a later version', { ...whole, peg: { info: { version: (wireVersion + 1).toString() } } }],
  ])('may be of %s', (_what, contracts) => {
    expect(() => requirePegContracts('city', metadata(contracts))).not.toThrow();
  });

  test.each([
    ['says nothing', undefined, /no contract peg, governance, evidence\./],
    ['answers something else', 'hello', /no contract peg/],
    ['answers null', 'null', /no contract peg/],
    ['has another contract', metadata({ asset: {} }), /no contract peg/],
    [
      'lacks a contract',
      metadata({ ...whole, evidence: undefined }),
      /the chaincode of city has no contract evidence\./,
    ],
    ['was made before versions were given', metadata({ ...whole, peg: { info: { version: '' } } }), /version 0, and/],
    ['is older', metadata({ ...whole, peg: { info: { version: '2' } } }), /speaks wire version 2, and .* speak 5\./],
    ['gives no number', metadata({ ...whole, peg: { info: { version: 'new' } } }), /wire version NaN/],
  ])('is refused when it %s', (_what, text, message) => {
    const refusal = { code: 'CHAINCODE_UNSUITABLE', message: expect.stringMatching(message) as string };
    expect(() => requirePegContracts('city', text)).toThrow(expect.objectContaining(refusal) as Error);
  });

  test('is asked for its contracts where it runs, and refused when it refuses to say', async () => {
    await requirePegged('city', { metadata: () => Promise.resolve(metadata(whole)) });
    const fails = (code: 'CHAINCODE_FAILED' | 'PEER_UNAVAILABLE') => ({
      metadata: () => Promise.reject(new PegError({ code })),
    });
    await expect(requirePegged('city', fails('CHAINCODE_FAILED'))).rejects.toMatchObject({
      code: 'CHAINCODE_UNSUITABLE',
    });
    await expect(requirePegged('city', fails('PEER_UNAVAILABLE'))).rejects.toMatchObject({ code: 'PEER_UNAVAILABLE' });
  });
});
