// SPDX-License-Identifier: Apache-2.0

import {
  type ChainId,
  type Configuration,
  type EscrowId,
  type Lane,
  type LaneId,
  type TrustRecord,
  chainIdCodec,
} from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { ChainConnection, PegClient, PegError } from '../../client';
import { EscrowReading, type EscrowNeed } from './choose-escrow';
import { type NotaryChain } from './notary-config';

/** One of the notary's chains: its client, the configuration last read, and the escrow its own transactions use. */
export class ChainView {
  readonly name: string;
  readonly chainId: ChainId;
  readonly client: PegClient;
  readonly #log: Logger;
  readonly #reserved = new Set<EscrowId>();
  #options: NotaryChain;
  #configuration: Configuration | undefined;
  #suspended: ReadonlySet<string> = new Set();

  constructor(chain: NotaryChain, log: Logger) {
    this.name = chain.name;
    this.chainId = chainIdCodec.decode(chain.chainId, `chains.${chain.name}.chainId`);
    this.#options = chain;
    this.client = new PegClient(ChainConnection.connect(chain));
    this.#log = log;
  }

  /** How it is reached. */
  get options(): NotaryChain {
    return this.#options;
  }

  /** Uses other certificates, keys or addresses of peers from now on. */
  reconnect(options: NotaryChain): void {
    this.client.connection.reconnect(options);
    this.#options = options;
  }

  /** The configuration last read; undefined while there was none to read. */
  get configuration(): Configuration | undefined {
    return this.#configuration;
  }

  /** Public keys of notaries that do not count here, as last read. */
  get suspended(): ReadonlySet<string> {
    return this.#suspended;
  }

  /**
   * Reads the configuration and the status of the notaries' keys again; keeps the last one when the chain does not
   * answer.
   */
  async refresh(): Promise<void> {
    try {
      const found = await this.client.getConfiguration();
      if (found.chainId !== this.chainId) {
        this.#log.error(
          { chain: this.name, expected: this.chainId, found: found.chainId },
          'the ledger is of another chain',
        );
        return;
      }
      if (found.sequence !== this.#configuration?.sequence) {
        this.#log.info({ chain: this.name, sequence: found.sequence }, 'configuration read');
      }
      this.#configuration = found;
      const { notaries } = await this.client.governance.statusRecords();
      const suspended = notaries.filter(({ state }) => state === 'suspended');
      this.#suspended = new Set(suspended.map(({ publicKey }) => publicKey));
    } catch (error) {
      if (!(error instanceof PegError)) throw error;
      this.#log.debug({ chain: this.name, reason: error.message }, 'configuration not read');
    }
  }

  /** What this ledger trusts of a chain. @throws PegError TRUST_UNKNOWN */
  trustOf(chainId: ChainId): TrustRecord {
    const trust = this.#configuration?.chains.find((record) => record.chainId === chainId);
    if (trust === undefined) throw new PegError({ code: 'TRUST_UNKNOWN', details: { chainId } });
    return trust;
  }

  /** What this ledger says of a lane. @throws PegError LANE_UNKNOWN */
  laneOf(laneId: LaneId): Lane {
    const lane = this.#configuration?.lanes.find(({ id }) => id === laneId);
    if (lane === undefined) throw new PegError({ code: 'LANE_UNKNOWN', details: { laneId } });
    return lane;
  }

  /**
   * Runs an action with escrow notes that are reserved for it in this process until it ends. Merges escrow
   * first where there is enough in more parts than a transaction names (T46).
   *
   * @throws PegError ESCROW_SHORT when transactions under way hold what is missing; when nothing is under way the
   * action gets what there is
   */
  async withEscrow<T>(need: EscrowNeed, action: (escrowIds: readonly EscrowId[]) => Promise<T>): Promise<T> {
    if (need.quantities.length === 0) return action([]);
    const { laneId } = need;
    for (;;) {
      const reading = await this.#readEscrow(need);
      // Choosing and reserving is one step, because another action may have reserved some while pages came in.
      const { escrowIds, enough, merge } = reading.choose();
      if (merge.length > 0) {
        await this.#reserving(merge, () => this.client.mergeEscrow({ laneId, escrowIds: merge }));
        this.#log.info({ chain: this.name, laneId, parts: merge.length }, 'escrow merged');
        continue;
      }
      if (!enough && reading.foundReserved) throw new PegError({ code: 'ESCROW_SHORT', details: { laneId } });
      return this.#reserving(escrowIds, () => action(escrowIds));
    }
  }

  /** Reads no more pages than it needs, because a lane may hold very many notes. */
  async #readEscrow(need: EscrowNeed): Promise<EscrowReading> {
    const reading = new EscrowReading(need, (id) => !this.#reserved.has(id));
    for await (const page of this.client.escrowPages(need.laneId)) {
      reading.add(page);
      if (reading.choose().enough) break;
    }
    return reading;
  }

  async #reserving<T>(escrowIds: readonly EscrowId[], action: () => Promise<T>): Promise<T> {
    for (const id of escrowIds) this.#reserved.add(id);
    try {
      return await action();
    } finally {
      for (const id of escrowIds) this.#reserved.delete(id);
    }
  }

  close(): void {
    this.client.connection.close();
  }
}
