// SPDX-License-Identifier: Apache-2.0

import { type EarlierCertificate } from '@gridpeg/protocol';

/**
 * A certificate with one bit changed: of the proposal, the answer, an endorser, an endorsement or a notary's signature.
 *
 * @param next - numbers from 0 up to 1
 */
export function withBitFlipped(certificate: EarlierCertificate, next: () => number): EarlierCertificate {
  const pick = (count: number): number => Math.floor(next() * count);
  const flip = (base64: string): string => {
    const bytes = Buffer.from(base64, 'base64');
    const position = pick(bytes.length);
    bytes.writeUInt8(bytes.readUInt8(position) ^ (1 << pick(8)), position);
    return bytes.toString('base64');
  };
  const { proof, signatures } = certificate;
  const parts = ['channelHeader', 'signatureHeader', 'proposalPayload', 'responsePayload'] as const;
  const kind = pick(parts.length + 3);
  const part = parts[kind];
  if (part !== undefined) return { ...certificate, proof: { ...proof, [part]: flip(proof[part]) } };
  const which = pick(3);
  if (kind === parts.length) {
    const changed = signatures.map((one, index) =>
      index === which ? { ...one, signature: flip(one.signature) } : one,
    );
    return { ...certificate, signatures: changed };
  }
  const field = kind === parts.length + 1 ? 'endorser' : 'signature';
  const endorsements = proof.endorsements.map((one, index) =>
    index === which ? { ...one, [field]: flip(one[field]) } : one,
  );
  return { ...certificate, proof: { ...proof, endorsements } };
}
