// SPDX-License-Identifier: Apache-2.0

import { configurationPlan, signHeader, signingPlan } from '../testing/light-client/block-writer';
import { headerForgeries } from '../testing/light-client/header-corpus';
import { headerOf, lastBlock, scenario, signedHeader } from '../testing/light-client/scenario';
import { message } from '../testing/proof-writer';
import { signaturesThatCount, signedHeaderOf, verifySignedHeader } from './signed-header';

describe.each(['raft', 'bft'] as const)('a header under %s', (kind) => {
  const chain = scenario(kind);
  const { configuration } = chain.followed;
  const { consensus } = configuration;
  const signed = signedHeader(chain, lastBlock);

  test('says who signed it', () => {
    expect(verifySignedHeader(signed, configuration, false)).toEqual(
      kind === 'bft' ? ['1', '2', '3'] : ['GridMSP/orderer.GridMSP', 'MicrogridMSP/orderer.MicrogridMSP'],
    );
  });
  test('is taken from a block as Fabric writes it', () => {
    const bytes = message(
      [1, Buffer.from(signed.metadata, 'base64')],
      ...signed.signatures.map(({ signatureHeader, signature, identifierHeader }) => {
        const fields = [signatureHeader, signature, identifierHeader].map((text) => Buffer.from(text, 'base64'));
        const present = fields.map((field, place) => [place + 1, field] as const);
        return [2, message(...present.filter(([, field]) => field.length > 0))] as const;
      }),
    );
    expect(signedHeaderOf(headerOf(chain, lastBlock), bytes)).toEqual(signed);
    expect(() => signedHeaderOf(headerOf(chain, lastBlock), message([3, 'x']))).toThrow('protobuf');
  });
  test('is carried with no more signatures than it takes', () => {
    const all = signHeader(
      headerOf(chain, lastBlock),
      signingPlan(kind, { signers: configurationPlan(kind).consenters }),
    );
    expect(signaturesThatCount(all, consensus)).toEqual(all.signatures.slice(0, consensus.requiredSignatures));
    expect(signaturesThatCount(all, consensus, 64)).toEqual(all.signatures);
  });
  test.each(headerForgeries(kind).map(({ name, code, forge }) => [name, code, forge] as const))(
    'T07: is carried without the signature that does not count, with %s: %s',
    (_, code, forge) => {
      const forged = forge(chain);
      const counted = signaturesThatCount(forged, consensus, 64);
      expect(new Set(counted).size).toBe(counted.length);
      // What is left is accepted or too little, unless header or metadata are what was forged.
      if (['PROOF_MALFORMED', 'CONFIGURATION_SKIPPED'].includes(code)) return;
      expect(counted.length).toBeLessThan(forged.signatures.length + (code === 'ORDERERS_TOO_FEW' ? 1 : 0));
      if (counted.length < consensus.requiredSignatures) return;
      expect(verifySignedHeader({ ...forged, signatures: counted }, configuration, false)).toHaveLength(counted.length);
    },
  );
});
