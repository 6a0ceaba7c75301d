// SPDX-License-Identifier: Apache-2.0

import {
  Refused,
  verifyEndorsedProof,
  type Batch,
  type BatchKind,
  type EndorsedProof,
  type ExportRequest,
  type TrustRecord,
} from '@gridpeg/protocol';
import { parseRefusal, PegError } from '../client';
import { endorserSets } from '../notary/chains/endorser-sets';
import { type ChainView } from '../notary/chains/chain-view';
import { hedgedRequest } from '../notary/chains/hedged-request';
import { retryLagging } from '../notary/chains/retry-lagging';

/** An endorsed proof, and the batch that it proves under one trust record. */
export interface Proven {
  readonly proof: EndorsedProof;
  readonly batch: Batch;
}

/** How long to wait for one set of endorsing organizations before the next set is asked as well (a hedged request). */
const patienceMs = 1_000;
/** What a peer behind the others says: it has not got the record, or reads other records than they do. */
const lagRetry = retryLagging(['OUTBOX_UNKNOWN', 'BATCH_EMPTY', 'ENDORSEMENTS_DIFFER'], 6);

/** Collects endorsed proofs from one chain. */
export class ProofSource {
  readonly #chain: ChainView;
  readonly #mspId: string;
  /** Position of the set that answered last. It is asked first, so that a dead peer does not delay every proof. */
  #start = 0;

  constructor(chain: ChainView, mspId: string) {
    this.#chain = chain;
    this.#mspId = mspId;
  }

  /**
   * Has peers of as many organizations as the trust record asks for endorse a query of these transactions' outbox
   * records. Nothing is submitted to an orderer.
   *
   * @param trust - the record of this chain by which the destination will verify the proof
   * @throws PegError, with the code of the refusal when the proof does not verify
   */
  async prove(kind: BatchKind, request: ExportRequest, trust: TrustRecord): Promise<Proven> {
    const names = trust.organizations.map(({ mspId }) => mspId);
    const sets = endorserSets(names, trust.minimumOrganizations, this.#mspId);
    const order = sets.map((_, index) => (this.#start + index) % sets.length);
    const ways = order.map((position) => async (signal: AbortSignal) => {
      const proven = await this.#proveBy(kind, request, sets[position] ?? [], trust, signal);
      this.#start = position;
      return proven;
    });
    return hedgedRequest(ways, patienceMs);
  }

  async #proveBy(
    kind: BatchKind,
    request: ExportRequest,
    organizations: readonly string[],
    trust: TrustRecord,
    signal: AbortSignal,
  ): Promise<Proven> {
    return lagRetry.execute(async () => {
      const proof = await this.#chain.client.proveExport(kind, request, organizations, signal);
      return { proof, batch: verified(proof, trust) };
    }, signal);
  }
}

function verified(proof: EndorsedProof, trust: TrustRecord): Batch {
  try {
    return verifyEndorsedProof(proof, trust).batch;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw new PegError({ code: 'PROOF_FOREIGN', ...parseRefusal(error.message), cause: error });
  }
}
