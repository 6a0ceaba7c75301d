// SPDX-License-Identifier: Apache-2.0

import { type KeyObject } from 'node:crypto';
import { isSignedWith, type NotarySignature, notarySignatureCodec, verifyThreshold } from '../custody/notary-key';
import { base64Codec, list, record, type Codec, version1 } from '../codec/codec';
import { committeeFault, committeeHashOf } from './committee';
import { type Committee, committeeCodec } from '../records/configuration';
import { hashBytes } from '../codec/hash';
import { hashCodec, type MspId } from '../codec/identifiers';
import { Refused } from '../codec/refusal';
import { signMessage } from '../x509/signature';

/** A committee's hand-over to the next; docs/spec/08-governance.md section 8.4. */
export interface Rotation {
  readonly version: 1;
  /** Committee hash of the one that hands over. */
  readonly previous: string;
  readonly next: Committee;
  /** By notaries of the previous committee. */
  readonly signatures: readonly NotarySignature[];
  /** One for each notary of the next committee, in its order, with the key that it names. */
  readonly possessions: readonly string[];
}
export const rotationCodec: Codec<Rotation> = record({
  version: version1,
  previous: hashCodec,
  next: committeeCodec,
  signatures: list(notarySignatureCodec, 0, 32),
  possessions: list(base64Codec, 0, 32),
});

/** The 32 bytes that notaries of the previous committee sign. */
export function rotationDigest(previous: string, next: Committee): Buffer {
  return hashBytes('gridpeg/v1/rotation', previous, committeeHashOf(next));
}

/** The 32 bytes that a notary of the next committee signs with its own new key. */
export function possessionDigest(previous: string, next: Committee, notary: MspId): Buffer {
  return hashBytes('gridpeg/v1/possession', previous, committeeHashOf(next), notary);
}

/** One notary's consent to hand over. */
export function signRotation(previous: string, next: Committee, notary: MspId, key: KeyObject): NotarySignature {
  return { notary, signature: signMessage(key, rotationDigest(previous, next)).toString('base64') };
}

/** Proof that a notary of the next committee holds its key. */
export function provePossession(previous: string, next: Committee, notary: MspId, key: KeyObject): string {
  return signMessage(key, possessionDigest(previous, next, notary)).toString('base64');
}

/**
 * Checks a rotation against the committee that it names as the previous one. Used alike by chaincode and by whoever
 * collects it.
 *
 * @param suspended - public keys that do not count, and that the next committee may not name
 * @throws Refused EPOCH_STALE, COMMITTEE_INVALID, NOTARY_SUSPENDED, NOTARY_STRANGER, NOTARY_REPEATED, NOTARIES_TOO_FEW,
 * SIGNATURE_INVALID, POSSESSION_UNPROVEN
 */
export function verifyRotation(rotation: Rotation, committee: Committee, suspended: ReadonlySet<string>): void {
  const { previous, next, signatures, possessions } = rotation;
  if (previous !== committeeHashOf(committee) || next.epoch !== committee.epoch + 1) {
    throw new Refused({ code: 'EPOCH_STALE', epoch: next.epoch });
  }
  checkCommittee(next, suspended);
  verifyThreshold(signatures, () => rotationDigest(previous, next), committee, suspended);
  next.notaries.forEach(({ mspId, publicKey }, index) => {
    const proof = possessions[index];
    if (proof === undefined || !isSignedWith(publicKey, proof, possessionDigest(previous, next, mspId))) {
      throw new Refused({ code: 'POSSESSION_UNPROVEN', notary: mspId });
    }
  });
}

/** Whether a committee may take over. @throws Refused COMMITTEE_INVALID, NOTARY_SUSPENDED */
export function checkCommittee(
  committee: Pick<Committee, 'threshold' | 'notaries'>,
  suspended: ReadonlySet<string>,
): void {
  const fault = committeeFault(committee);
  if (fault !== undefined) throw new Refused({ code: 'COMMITTEE_INVALID', ...fault });
  const out = committee.notaries.find(({ publicKey }) => suspended.has(publicKey));
  if (out !== undefined) throw new Refused({ code: 'NOTARY_SUSPENDED', notary: out.mspId });
}
