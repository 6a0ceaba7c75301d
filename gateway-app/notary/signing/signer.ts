// SPDX-License-Identifier: Apache-2.0

import {
  certificateDigest,
  claimOf,
  custodianOf,
  digestFor,
  firstDigest,
  mspIdCodec,
  Refused,
  trustHashOf,
  verifyEndorsedProof,
  type Batch,
  type Configuration,
  type CustodyMode,
  type EndorsedProof,
  type LaneId,
  type Notary,
  type TrustRecord,
} from '@gridpeg/protocol';
import { PegError } from '../../client';
import { trustCandidates } from './trust-candidates';
import { signedEntries } from '../slashing-protection/signing-record';
import { type SignRequest, type SignResponse } from '../messages/sign-messages';
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
   * @throws Refused with the codes of docs/spec/04-proof.md section 4.2, CUSTODY_MISMATCH when the ledgers that know
   *   the lane have it in other modes, NOTARY_STRANGER when the committee or the lane has another key
   * @throws PegError TRUST_UNKNOWN, EQUIVOCATION, and those of {@link SourceCheck.check}
   */
  async sign({ proof, mode }: SignRequest): Promise<SignResponse> {
    const form = mode === undefined ? firstDigest : digestFor(mode);
    const { batch, trust } = this.#verify(proof);
    const { mspId, key, signingHistory, source } = this.#parts;
    const notary = mspIdCodec.decode(mspId, 'mspId');
    const signers = this.#signersFor(form.mode, batch.laneId, trust);
    if (!signers.some((listed) => listed.mspId === mspId && listed.publicKey === key.publicKey)) {
      throw new Refused({ code: 'NOTARY_STRANGER', notary });
    }
    const knowledge = await source.check(proof, batch, trust);
    await signingHistory.record(signedEntries(batch));
    const signature = await key.sign(certificateDigest(batch, trust, form));
    return { notary, signature: signature.toString('base64'), epoch: trust.committee.epoch, source: knowledge };
  }

  /** Those who may sign for a lane: its custodian, or the source's committee. A custodian has to know the lane. */
  #signersFor(mode: CustodyMode, laneId: LaneId, trust: TrustRecord): readonly Notary[] {
    const lanes = this.#parts.configurations().flatMap((each) => each.lanes.filter(({ id }) => id === laneId));
    const custodies = lanes.map(({ custody }) => custody);
    if (custodies.length > 0 && !custodies.some((custody) => custody.mode === mode)) {
      throw new Refused({ code: 'CUSTODY_MISMATCH', custody: mode });
    }
    return mode === 'custodian' ? custodies.flatMap((custody) => custodianOf(custody) ?? []) : trust.committee.notaries;
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
