// SPDX-License-Identifier: Apache-2.0

import { type ProofFile } from '@gridpeg/protocol';
import {
  certify,
  certifyFor,
  city,
  codeOf,
  grid,
  packetBatchOf,
  packetWith,
  publicKeyOf,
  trustIn,
} from '@gridpeg/protocol/testing';
import { claimedBatch, findEvidence } from './evidence-file';
import { verifyProofFile } from './proof-file';
import { PegError } from '../errors/peg-error';

const trust = trustIn(city);
const packetId = packetWith().id;
const fileOf = (quantity: bigint): ProofFile => {
  return { version: 1, packetId, certificate: certify(packetBatchOf(packetWith({ quantity })), trust) };
};

describe('T19: two proof files about one packet', () => {
  test('are evidence against the notaries and the peers behind both contents', () => {
    const found = findEvidence([fileOf(100n), fileOf(101n)], [trust]);
    expect(found.map(({ kind }) => kind)).toEqual(['packets', 'packets', 'packets', 'answers']);
    expect(found).toContainEqual(expect.objectContaining({ publicKey: publicKeyOf(grid.notaryKey) }));
    expect(findEvidence([fileOf(100n), fileOf(100n)], [trust])).toEqual([]);
  });
  test.each(['AA==', '////', 'Ev8=', 'EgMKAf8='])(
    'of which one answer is no message (%s) are refused',
    (responsePayload) => {
      const whole = fileOf(100n);
      const certificate = certify(packetBatchOf(packetWith()), trust);
      const broken = { ...whole, certificate: { ...certificate, proof: { ...certificate.proof, responsePayload } } };
      expect(codeOf(() => claimedBatch(broken.certificate))).toMatch(/^(PROOF|BATCH)_MALFORMED$/);
      expect(() => findEvidence([whole, broken], [trust])).toThrow(PegError);
    },
  );
});

describe('T19, T52: proof files with certificates of custody modes', () => {
  const filed = (quantity: bigint, mode: 'federation' | 'notary'): ProofFile => ({
    ...{ version: 1, packetId },
    certificate: certifyFor(mode, packetBatchOf(packetWith({ quantity })), trust),
  });

  test('are evidence against the notaries across modes and versions, and against peers where both have a proof', () => {
    const kindsOf = (one: ProofFile, other: ProofFile): readonly string[] =>
      findEvidence([one, other], [trust]).map(({ kind }) => kind);
    expect(kindsOf(filed(100n, 'notary'), filed(101n, 'notary'))).toEqual(['packets', 'packets', 'packets']);
    expect(kindsOf(filed(100n, 'notary'), fileOf(101n))).toEqual(['packets', 'packets', 'packets']);
    expect(kindsOf(filed(100n, 'federation'), fileOf(101n))).toEqual(['packets', 'packets', 'packets', 'answers']);
    expect(kindsOf(filed(100n, 'federation'), filed(100n, 'notary'))).toEqual([]);
  });
  test('prove a packet by what the peers signed, and nothing where the mode has no proof of theirs', () => {
    expect(verifyProofFile(filed(100n, 'federation'), trust)).toMatchObject({
      ...{ entry: { id: packetId }, endorsers: expect.arrayContaining([grid.mspId]) as unknown },
      notaries: expect.arrayContaining([grid.mspId]) as unknown,
    });
    const missing = { code: 'PROOF_MISSING', details: { packetId } };
    expect(() => verifyProofFile(filed(100n, 'notary'), trust)).toThrow(expect.objectContaining(missing) as Error);
  });
});
