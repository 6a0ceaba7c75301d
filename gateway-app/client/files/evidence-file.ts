// SPDX-License-Identifier: Apache-2.0

import {
  certificateDigest,
  decode,
  decodeRecordedBatch,
  encode,
  evidenceFileCodec,
  evidenceFrom,
  isSignedBy,
  proofIn,
  signedEvidenceOf,
  type AnyEvidence,
  type Certificate,
  type EndorsedProof,
  type Evidence,
  type ProofFile,
  Refused,
  type RecordedBatch,
  type SignedBatch,
  type SourceEvidence,
  type TrustRecord,
  verifySourceEvidence,
} from '@gridpeg/protocol';
import { peer } from '@hyperledger/fabric-protos';
import { refusedAsPegError } from './proof-file';

const maximumLength = 4 * 1_048_576;

/** @returns canonical JSON */
export function encodeEvidenceFile(all: readonly AnyEvidence[]): string {
  return encode(evidenceFileCodec, all);
}

/** @throws PegError REQUEST_MALFORMED when the text is no evidence file */
export function decodeEvidenceFile(text: string): readonly AnyEvidence[] {
  return refusedAsPegError(() => decode(evidenceFileCodec, text.trimEnd(), maximumLength));
}

/**
 * Looks for notaries that signed different contents for one packet, whoever endorsed those, and for peers that endorsed
 * them.
 *
 * @param trusts - the trust records of the source chain under which it was signed
 * @returns evidence against each of them; nothing when the proofs agree, are of two packets, or nobody signed both
 * @throws PegError PROOF_MALFORMED, PROOF_FOREIGN, BATCH_MALFORMED
 */
export function findEvidence(
  [first, second]: readonly [ProofFile, ProofFile],
  trusts: readonly TrustRecord[],
): readonly AnyEvidence[] {
  if (first.packetId !== second.packetId) return [];
  return [...againstNotaries([first, second], trusts), ...againstPeers([first, second], trusts)];
}

/** Answers of peers that contradict each other, under the first trust record by which both hold. */
function againstPeers(
  [first, second]: readonly [ProofFile, ProofFile],
  trusts: readonly TrustRecord[],
): readonly AnyEvidence[] {
  const proofs = [first, second].flatMap(({ certificate }) => proofIn(certificate) ?? []);
  if (proofs.length < 2) return [];
  const found = trusts.map(({ chainId: sourceChainId }) => {
    return { version: 1, kind: 'answers', sourceChainId, packetId: first.packetId, proofs } as const;
  });
  return found.filter((evidence, index) => contradicts(evidence, trusts[index])).slice(0, 1);
}

function contradicts(evidence: SourceEvidence, trust: TrustRecord | undefined): boolean {
  try {
    return trust !== undefined && verifySourceEvidence(evidence, trust).lanes.length > 0;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return false;
  }
}

function againstNotaries(
  [first, second]: readonly [ProofFile, ProofFile],
  trusts: readonly TrustRecord[],
): readonly Evidence[] {
  const [before, after] = [signedBy(first, trusts), signedBy(second, trusts)];
  return [...before].flatMap(([publicKey, one]) => {
    const other = after.get(publicKey);
    return other === undefined ? [] : (evidenceFrom(publicKey, first.packetId, [one, other]) ?? []);
  });
}

/** Which keys signed a proof's batch, each under the trust record that it is named in. */
function signedBy({ certificate }: ProofFile, trusts: readonly TrustRecord[]): ReadonlyMap<string, SignedBatch> {
  const batch = refusedAsPegError(() => claimedBatch(certificate));
  const { signatures, form } = signedEvidenceOf(certificate);
  return new Map(
    trusts.flatMap((trust) => {
      const { notaries } = trust.committee;
      const digest = certificateDigest(batch, trust, form);
      const signed = signatures.filter((signature) => isSignedBy(signature, digest, notaries));
      return signed.flatMap(({ notary, signature }) => {
        const key = notaries.find(({ mspId }) => mspId === notary)?.publicKey;
        return key === undefined ? [] : [[key, { batch, trust, form, signature }] as const];
      });
    }),
  );
}

/** The batch that a certificate claims, unverified. @throws Refused PROOF_MALFORMED, BATCH_MALFORMED */
export function claimedBatch(certificate: Certificate): RecordedBatch {
  return certificate.version === 3 ? certificate.batch : decodeRecordedBatch(claimedAnswer(certificate.proof));
}

function claimedAnswer({ responsePayload }: EndorsedProof): string {
  try {
    const bytes = Buffer.from(responsePayload, 'base64');
    const extension = peer.ProposalResponsePayload.deserializeBinary(bytes).getExtension_asU8();
    const answer = peer.ChaincodeAction.deserializeBinary(extension).getResponse()?.getPayload_asU8() ?? '';
    return Buffer.from(answer).toString('utf8');
  } catch {
    const expected = 'the answer of peers, as Fabric writes it';
    throw new Refused({ code: 'PROOF_MALFORMED', field: 'responsePayload', expected });
  }
}
