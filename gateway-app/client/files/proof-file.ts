// SPDX-License-Identifier: Apache-2.0

import {
  decode,
  encode,
  proofFileCodec,
  proofIn,
  Refused,
  signedEvidenceOf,
  trustRecordCodec,
  verifySigned,
  verifyRecordedProof,
  type Packet,
  type ProofFile,
  type Receipt,
  type RecordedBatch,
  type TrustRecord,
} from '@gridpeg/protocol';
import { parseRefusal, PegError } from '../errors/peg-error';

const maximumLength = 1_048_576;

/** What a proof file proves. */
export interface ProvenPacket {
  readonly entry: Packet | Receipt;
  readonly batch: RecordedBatch;
  /** Organizations whose peers endorsed it. */
  readonly endorsers: readonly string[];
  /** Organizations whose notaries signed it; none when nobody has certified it yet. */
  readonly notaries: readonly string[];
}

/** @returns canonical JSON */
export function encodeProofFile(file: ProofFile): string {
  return encode(proofFileCodec, file);
}

/** @throws PegError REQUEST_MALFORMED when the text is no proof file */
export function decodeProofFile(text: string): ProofFile {
  return refusedAsPegError(() => decode(proofFileCodec, text.trimEnd(), maximumLength));
}

/** @throws PegError REQUEST_MALFORMED when the text is no trust record */
export function decodeTrustRecord(text: string): TrustRecord {
  return refusedAsPegError(() => decode(trustRecordCodec, text.trimEnd(), maximumLength));
}

/** @returns canonical JSON */
export function encodeTrustRecord(trust: TrustRecord): string {
  return encode(trustRecordCodec, trust);
}

/**
 * Verifies a proof file against a trust record, with nothing but the two.
 *
 * @throws PegError with the codes of docs/spec/04-proof.md, PROOF_MISSING when the certificate is of a mode without a
 * proof, PACKET_UNKNOWN when the proof is of other packets
 */
export function verifyProofFile({ packetId, certificate }: ProofFile, trust: TrustRecord): ProvenPacket {
  return refusedAsPegError(() => {
    const proof = proofIn(certificate);
    if (proof === undefined) throw new PegError({ code: 'PROOF_MISSING', details: { packetId } });
    const { batch, organizations } = verifyRecordedProof(proof, trust);
    const signed = signedEvidenceOf(certificate);
    const { signatures } = signed;
    if (signatures.length > 0) verifySigned(batch, signed, trust.committee, trust, new Set());
    const entry =
      batch.kind === 'packets'
        ? batch.entries.find(({ id }) => id === packetId)
        : batch.entries.find((receipt) => receipt.packetId === packetId);
    if (entry === undefined) throw new PegError({ code: 'PACKET_UNKNOWN', details: { packetId } });
    return { entry, batch, endorsers: organizations, notaries: signatures.map(({ notary }) => notary) };
  });
}

/** Does something that protocol rules may refuse. @throws PegError with the code of the refusal */
export function refusedAsPegError<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new PegError({ code: 'REQUEST_MALFORMED', ...parseRefusal(error.message), cause: error });
  }
}
