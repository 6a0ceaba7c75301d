// SPDX-License-Identifier: Apache-2.0

import { type Lane } from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { type PegEventStream } from '../client';
import { type ChainView } from '../notary/chains/chain-view';
import { type LaneHealth } from '../notary/metrics/lane-health';
import { LaneRelay } from './lane-relay';
import { ProofSource } from './proof-source';
import { type NotaryMetrics } from '../notary/metrics/notary-metrics';
import { type EvidenceCollectors } from './custody/evidence-collector';

/** What the relays of one notary work with. */
export interface RelayServiceParts {
  readonly mspId: string;
  readonly chains: readonly ChainView[];
  readonly collectors: EvidenceCollectors;
  readonly takeoverDelayMs: number;
  readonly metrics: NotaryMetrics;
  readonly log: Logger;
}

/** Runs one {@link LaneRelay} for each lane between two chains of the notary, and passes the chains' events to them. */
export class RelayService {
  readonly #parts: RelayServiceParts;
  readonly #proofs: ReadonlyMap<ChainView, ProofSource>;
  readonly #relays = new Map<string, LaneRelay>();
  readonly #running: Promise<void>[] = [];
  readonly #streams: readonly PegEventStream[];
  readonly #stopped = new AbortController();

  constructor(parts: RelayServiceParts) {
    this.#parts = parts;
    this.#proofs = new Map(parts.chains.map((chain) => [chain, new ProofSource(chain, parts.mspId)]));
    this.#streams = parts.chains.map(({ name, client }) =>
      client.pegEvents({
        onSkipped: ({ message }) => {
          parts.log.warn({ chain: name, reason: message }, 'event passed over');
        },
      }),
    );
    for (const stream of this.#streams) this.#running.push(this.#listen(stream));
  }

  get health(): readonly LaneHealth[] {
    return [...this.#relays.values()].map(({ health }) => health);
  }

  /** Starts a relay for each lane of the configurations in force that has none yet. */
  adopt(): void {
    for (const lane of this.#parts.chains.flatMap(({ configuration }) => configuration?.lanes ?? [])) this.#adopt(lane);
  }

  /** Starts no further step, and resolves when all steps in progress have ended. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    for (const stream of this.#streams) stream.close();
    await Promise.all(this.#running);
  }

  #adopt(lane: Lane): void {
    const source = this.#end(lane.sourceChainId);
    const destination = this.#end(lane.destinationChainId);
    if (source === undefined || destination === undefined || this.#relays.has(lane.id)) return;
    // A chain that has never answered may have the lane as well. Its relay then counts the packets that wait for it.
    const configurations = [source, destination].flatMap(({ chain }) => chain.configuration ?? []);
    if (!configurations.every(({ lanes }) => lanes.some(({ id }) => id === lane.id))) return;
    const { mspId, collectors, takeoverDelayMs, metrics, log } = this.#parts;
    const relay = new LaneRelay({ lane, source, destination, mspId, collectors, takeoverDelayMs, metrics, log });
    this.#relays.set(lane.id, relay);
    this.#running.push(relay.run(this.#stopped.signal));
    log.info({ lane: lane.id, rank: relay.health.rank }, 'relaying lane');
  }

  #end(chainId: string): { readonly chain: ChainView; readonly proofs: ProofSource } | undefined {
    const chain = this.#parts.chains.find((candidate) => candidate.chainId === chainId);
    const proofs = chain && this.#proofs.get(chain);
    return proofs && { chain, proofs };
  }

  async #listen(stream: PegEventStream): Promise<void> {
    for await (const seen of stream) {
      for (const relay of this.#relays.values()) {
        try {
          relay.applyEvent(seen);
        } catch (error) {
          this.#parts.log.error({ err: error, txId: seen.txId }, 'event passed over');
        }
      }
    }
  }
}
