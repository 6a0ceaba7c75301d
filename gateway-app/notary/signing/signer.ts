// SPDX-License-Identifier: Apache-2.0

import {
  certificateDigest,
  claimOf,
  mspIdCodec,
  Refused,
  trustHashOf,
  verifyEndorsedProof,
  type Batch,
  type Configuration,
  type EndorsedProof,
  type TrustRecord,
} from '@gridpeg/protocol';
import { PegError } from '../../client';
import { trustCandidates } from './trust-candidates';
import { signedEntries } from '../slashing-protection/signing-record';
import { type SignResponse } from '../messages/sign-messages';
import { type SigningKey } from './signing-key';
import { type SigningHistory } from '../slashing-protection/signing-history';
import { type SourceCheck } from '../watch/source-check';

/** What a signer works with. */
export interface SignerParts {
  readonly mspId: string;
  readonly key: SigningKey;
  readonly signingHistory: SigningHistory;
  readonly source: Pick<SourceCheck, 'check'>;
  /** The configurations in force on the ledgers of this organization, its home chain's first. */
  readonly configurations: () => readonly Configuration[];
}

/** Signs batches whose proof holds under this organization's own trust records. */
export class Signer {
  readonly #parts: SignerParts;

  constructor(parts: SignerParts) {
    this.#parts = parts;
  }

  /**
   * Verifies, compares with the own peer, remembers, signs; in this order, so that a crash never leaves a signature
   * that is not remembered.
   *
   * @throws Refused with the codes of docs/spec/04-proof.md section 4.2, NOTARY_STRANGER when the committee has another
   * key
   * @throws PegError TRUST_UNKNOWN, EQUIVOCATION, and those of {@link SourceCheck.check}
   */
  async sign(proof: EndorsedProof): Promise<SignResponse> {
    const { batch, trust } = this.#verify(proof);
    const { mspId, key, signingHistory, source } = this.#parts;
    const notary = mspIdCodec.decode(mspId, 'mspId');
    if (!trust.committee.notaries.some((listed) => listed.mspId === mspId && listed.publicKey === key.publicKey)) {
      throw new Refused({ code: 'NOTARY_STRANGER', notary });
    }
    const knowledge = await source.check(proof, batch, trust);
    await signingHistory.record(signedEntries(batch));
    const signature = await key.sign(certificateDigest(batch, trust));
    return { notary, signature: signature.toString('base64'), epoch: trust.committee.epoch, source: knowledge };
  }

  #verify(proof: EndorsedProof): { readonly batch: Batch; readonly trust: TrustRecord } {
    const candidates = trustCandidates(claimOf(proof), this.#parts.configurations());
    const tried = new Set<string>();
    for (const trust of candidates) {
      if (tried.has(trustHashOf(trust))) continue;
      tried.add(trustHashOf(trust));
      try {
        return { batch: verifyEndorsedProof(proof, trust).batch, trust };
      } catch (error) {
        // PROOF_FOREIGN means that the proof is of another chain than this record; any other refusal is the answer.
        if (!(error instanceof Refused) || error.refusal.code !== 'PROOF_FOREIGN') throw error;
      }
    }
    throw new PegError({ code: 'TRUST_UNKNOWN', details: { laneId: claimOf(proof).laneId } });
  }
}
