// SPDX-License-Identifier: Apache-2.0

import { type ProofFile } from '@gridpeg/protocol';
import {
  certify,
  city,
  codeOf,
  grid,
  packetBatchOf,
  packetWith,
  publicKeyOf,
  trustIn,
} from '@gridpeg/protocol/testing';
import { claimedBatch, findEvidence } from './evidence-file';
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
      const proof = { ...whole.certificate.proof, responsePayload };
      const broken = { ...whole, certificate: { ...whole.certificate, proof } };
      expect(codeOf(() => claimedBatch(proof))).toMatch(/^(PROOF|BATCH)_MALFORMED$/);
      expect(() => findEvidence([whole, broken], [trust])).toThrow(PegError);
    },
  );
});
