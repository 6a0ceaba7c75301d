// SPDX-License-Identifier: Apache-2.0

import {
  certificateDigest,
  decode,
  decodeRecordedBatch,
  encode,
  evidenceFileShape,
  evidenceFrom,
  isSignedBy,
  type EndorsedProof,
  type Evidence,
  type ProofFile,
  type RecordedBatch,
  type SignedBatch,
  type TrustRecord,
} from '@gridpeg/protocol';
import { peer } from '@hyperledger/fabric-protos';
import { refusedAsPegError } from './proof-file';

const maximumLength = 4 * 1_048_576;

/** @returns canonical JSON */
export function encodeEvidenceFile(all: readonly Evidence[]): string {
  return encode(evidenceFileShape, all);
}

/** @throws PegError REQUEST_MALFORMED when the text is no evidence file */
export function decodeEvidenceFile(text: string): readonly Evidence[] {
  return refusedAsPegError(() => decode(evidenceFileShape, text.trimEnd(), maximumLength));
}

/**
 * Looks for notaries that signed different contents for one packet. Who endorsed those contents, and whether anybody did, is not asked:
 * a notary answers for what it signs.
 *
 * @param trusts - the trust records of the source chain under which it was signed
 * @returns evidence against each of them; nothing when the proofs agree, are of two packets, or nobody signed both
 * @throws PegError PROOF_MALFORMED, PROOF_FOREIGN, BATCH_MALFORMED
 */
export function findEvidence(
  [first, second]: readonly [ProofFile, ProofFile],
  trusts: readonly TrustRecord[],
): readonly Evidence[] {
  if (first.packetId !== second.packetId) return [];
  const [before, after] = [signedBy(first, trusts), signedBy(second, trusts)];
  return [...before].flatMap(([publicKey, one]) => {
    const other = after.get(publicKey);
    return other === undefined ? [] : (evidenceFrom(publicKey, first.packetId, [one, other]) ?? []);
  });
}

/** Which keys signed a proof's batch, each under the trust record that it is named in. */
function signedBy({ certificate }: ProofFile, trusts: readonly TrustRecord[]): ReadonlyMap<string, SignedBatch> {
  const batch = refusedAsPegError(() => claimedBatch(certificate.proof));
  return new Map(
    trusts.flatMap((trust) => {
      const digest = certificateDigest(batch, trust);
      const signatures = certificate.signatures.filter((signature) => isSignedBy(signature, digest, trust));
      return signatures.flatMap(({ notary, signature }) => {
        const key = trust.committee.notaries.find(({ mspId }) => mspId === notary)?.publicKey;
        return key === undefined ? [] : [[key, { batch, trust, signature }] as const];
      });
    }),
  );
}

/** What a proof claims, unverified. @throws Refused, Error when it cannot be read */
export function claimedBatch(proof: EndorsedProof): RecordedBatch {
  const bytes = Buffer.from(proof.responsePayload, 'base64');
  const extension = peer.ProposalResponsePayload.deserializeBinary(bytes).getExtension_asU8();
  const answer = peer.ChaincodeAction.deserializeBinary(extension).getResponse()?.getPayload_asU8() ?? '';
  return decodeRecordedBatch(Buffer.from(answer).toString('utf8'));
}
