// SPDX-License-Identifier: Apache-2.0

import {
  batchRootOf,
  encodeBatch,
  entryHashesOf,
  type Batch,
  type EndorsedProof,
  type PacketId,
  type TrustRecord,
} from '@gridpeg/protocol';
import { PegError } from '../../client';
import { retryLagging } from '../chains/retry-lagging';
import { type Dispute } from './accuser';

/** How a notary knows that the source committed what it signs: its own peer said so too, or it has none there. */
export type SourceKnowledge = 'compared' | 'proof-only';

/** What a {@link SourceCheck} asks and reports to. */
export interface SourceCheckParts {
  /**
   * Lets the organization's own peer on the source sign the same read of committed records.
   *
   * @returns undefined when the organization has no peer there
   * @throws PegError
   */
  readonly ownAnswer: (batch: Batch, trust: TrustRecord) => Promise<Batch> | undefined;
  /** Counts the results of comparisons. */
  readonly count: (result: SourceKnowledge | 'behind' | 'unavailable' | 'different') => void;
  /** Is called with a proof whose signers have lied, unless the own peer has. */
  readonly dispute: (dispute: Dispute) => Promise<void>;
}

const lagRetry = retryLagging(['OUTBOX_UNKNOWN'], 7);
/** The cache needs to bridge the seconds between signing a certificate and its arrival. */
const rememberedBatches = 10_000;

/**
 * Compares what a proof says with what the notary's own peer has committed; docs/spec/04-proof.md section 4.3.
 * Outbox records never change, so two answers about the same transactions are equal, or somebody lies.
 */
export class SourceCheck {
  readonly #parts: SourceCheckParts;
  /** Roots of batches that the own peer has given: what is committed stays, so one answer is enough. */
  readonly #compared = new Set<string>();

  constructor(parts: SourceCheckParts) {
    this.#parts = parts;
  }

  /**
   * @param proof - the endorsed proof of the batch, whose signers can be accused; none where a mode asks for none
   * @throws PegError SOURCE_BEHIND, SOURCE_UNAVAILABLE, SOURCE_DIFFERS
   */
  async check(proof: EndorsedProof | undefined, batch: Batch, trust: TrustRecord): Promise<SourceKnowledge> {
    const { count, dispute } = this.#parts;
    const root = batchRootOf(batch);
    if (this.#compared.has(root)) return 'compared';
    const own = await this.#ownAnswer(batch, trust);
    if (own === undefined) {
      count('proof-only');
      return 'proof-only';
    }
    if (own === 'none' || encodeBatch(own) !== encodeBatch(batch)) {
      count('different');
      const packetId = disputed(batch, own === 'none' ? [] : entryHashesOf(own));
      if (proof !== undefined) await dispute({ packetId, proof, batch, trust });
      throw new PegError({ code: 'SOURCE_DIFFERS', details: { laneId: batch.laneId, packetId } });
    }
    count('compared');
    this.#record(root);
    return 'compared';
  }

  #record(root: string): void {
    const [oldest] = this.#compared;
    if (oldest !== undefined && this.#compared.size >= rememberedBatches) this.#compared.delete(oldest);
    this.#compared.add(root);
  }

  /** `none`: the peer has the transactions, and nothing of this lane in them. */
  async #ownAnswer(batch: Batch, trust: TrustRecord): Promise<Batch | 'none' | undefined> {
    const { ownAnswer, count } = this.#parts;
    try {
      return await lagRetry.execute(() => ownAnswer(batch, trust));
    } catch (cause) {
      if (!(cause instanceof PegError)) throw cause;
      if (cause.code === 'BATCH_EMPTY') return 'none';
      const lags = cause.code === 'OUTBOX_UNKNOWN';
      count(lags ? 'behind' : 'unavailable');
      const code = lags ? 'SOURCE_BEHIND' : 'SOURCE_UNAVAILABLE';
      throw new PegError({ code, details: { laneId: batch.laneId }, detail: cause.message, cause });
    }
  }
}

/**
 * The first packet about which the batch says what the own peer does not; the first of all if it only leaves something
 * out.
 */
function disputed(batch: Batch, own: readonly string[]): PacketId {
  const at = Math.max(
    0,
    entryHashesOf(batch).findIndex((hash) => !own.includes(hash)),
  );
  const ids = batch.kind === 'packets' ? batch.entries.map(({ id }) => id) : batch.entries.map((r) => r.packetId);
  const id = ids[at];
  if (id === undefined) throw new Error('a batch without entries');
  return id;
}
