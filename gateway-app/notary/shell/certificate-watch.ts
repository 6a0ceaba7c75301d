// SPDX-License-Identifier: Apache-2.0

import { setTimeout as sleep } from 'node:timers/promises';
import { certificateRequestShape, type ChainId, decodeRequest, type TxId } from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { type ChainConnection, claimedBatch, type PegClient, PegError, type PegEventStream } from '../../client';
import { type AccusedSource, type Accuser } from './accuser';
import { type ChainView } from './chain-view';
import { type SourceCheck } from './source-check';
import { WatchedBlocks } from './watched-blocks';

/** What a watch asks of a chain. */
export interface WatchedChain extends Pick<ChainView, 'name' | 'chainId' | 'trustOf'> {
  readonly client: AccusedSource['client'] &
    Pick<PegClient, 'pegEvents'> & { readonly connection: Pick<ChainConnection, 'height' | 'transaction'> };
}

/** What a watch works with. */
export interface CertificateWatchParts {
  readonly chains: readonly WatchedChain[];
  readonly source: Pick<SourceCheck, 'check'>;
  readonly accuser: Pick<Accuser, 'accuseSigners'>;
  /** Remembers up to which block each chain was watched. */
  readonly file: string;
  readonly log: Logger;
  /** How often what has arrived is compared; 1000 unless told otherwise. */
  readonly pollMs?: number;
}

/** A transaction that took a certificate. */
interface Taken {
  readonly chain: WatchedChain;
  readonly txId: TxId;
  readonly block: bigint;
  /** Whether comparing it has failed before. */
  readonly failed: boolean;
}

/** The steps that take a certificate. A call that names no contract goes to the chaincode's first one, which is `peg`. */
const step = /^(?:peg:|\s*:)?(?:receive|settle)$/;
const defaultPollMs = 1_000;
/** So many polls after a failure what failed is tried again. */
const retryPolls = 5;

/**
 * Compares each certificate that one of the organization's chains has taken with its own peer on the other end, and accuses those who
 * signed what was never committed. So what colluders can take is bounded by the time that this needs (T11, T44).
 */
export class CertificateWatch {
  readonly #parts: CertificateWatchParts;
  readonly #watched: WatchedBlocks;
  readonly #waiting = new Map<string, Taken>();
  readonly #seen = new Map<ChainId, bigint>();

  constructor(parts: CertificateWatchParts) {
    this.#parts = parts;
    this.#watched = new WatchedBlocks(parts.file, parts.log);
  }

  /**
   * Watches until the signal. A chain that was never watched is watched from its next block on, and that block is
   * written down, so that nothing is missed while the daemon does not run.
   */
  async run(signal: AbortSignal): Promise<void> {
    const known = await this.#watched.load(this.#parts.chains.map(({ chainId }) => chainId));
    for (const [chainId, block] of known) this.#seen.set(chainId, block);
    const watches = this.#parts.chains.map((chain) => this.#watch(chain, signal));
    while (!signal.aborted) {
      const failed = await this.#checkAll(signal);
      this.#save();
      await this.#pause(failed ? retryPolls : 1, signal);
    }
    await Promise.all(watches);
    this.#save();
  }

  async #pause(polls: number, signal: AbortSignal): Promise<void> {
    const pollMs = this.#parts.pollMs ?? defaultPollMs;
    await sleep(polls * pollMs, undefined, { signal }).catch(() => undefined);
  }

  async #watch(chain: WatchedChain, signal: AbortSignal): Promise<void> {
    const startBlock = await this.#startBlock(chain, signal);
    if (startBlock === undefined || signal.aborted) return;
    const { log } = this.#parts;
    const onSkipped = ({ message: reason }: PegError): void => {
      log.warn({ chain: chain.name, reason }, 'an event is not looked at');
    };
    const stream = chain.client.pegEvents({ startBlock, onSkipped });
    signal.addEventListener('abort', () => {
      stream.close();
    });
    await this.#read(chain, stream);
  }

  /** @returns undefined only when the signal comes before the chain answers */
  async #startBlock(chain: WatchedChain, signal: AbortSignal): Promise<bigint | undefined> {
    while (!signal.aborted) {
      const known = this.#seen.get(chain.chainId);
      if (known !== undefined) return known;
      try {
        this.#seen.set(chain.chainId, await chain.client.connection.height());
      } catch {
        // The relay and the configuration's reader report a chain that does not answer.
        await this.#pause(retryPolls, signal);
      }
    }
    return undefined;
  }

  async #read(chain: WatchedChain, stream: PegEventStream): Promise<void> {
    for await (const { event, txId, blockNumber: block } of stream) {
      // Anything that a certificate did shows as a receipt or as a settlement.
      if (event.receipts.length + event.settled.length > 0)
        this.#waiting.set(txId, { chain, txId, block, failed: false });
      this.#seen.set(chain.chainId, block);
    }
  }

  /** @returns whether something has to be tried again */
  async #checkAll(signal: AbortSignal): Promise<boolean> {
    let failed = false;
    for (const taken of [...this.#waiting.values()]) {
      if (signal.aborted) return true;
      try {
        await this.#check(taken);
        this.#waiting.delete(taken.txId);
      } catch (error) {
        failed = true;
        const reason = error instanceof Error ? error.message : String(error);
        // A chain that is down for long is said once.
        if (!taken.failed) {
          const facts = { chain: taken.chain.name, txId: taken.txId, reason };
          this.#parts.log.warn(facts, 'a certificate is not compared yet');
        }
        this.#waiting.set(taken.txId, { ...taken, failed: true });
      }
    }
    return failed;
  }

  async #check({ chain, txId }: Taken): Promise<void> {
    const { chains, source, accuser, log } = this.#parts;
    const { args } = await chain.client.connection.transaction(txId);
    const [name = '', argument = ''] = args;
    if (!step.test(name)) return;
    const { certificate } = decodeRequest(certificateRequestShape, argument);
    const batch = claimedBatch(certificate.proof);
    const from = chains.find(({ chainId }) => chainId === batch.sourceChainId);
    // Certificates with batches of version 1 are of the past: no ledger takes them any more.
    if (from === undefined || batch.version === 1) return;
    const trust = chain.trustOf(batch.sourceChainId);
    if (await differs(() => source.check(certificate.proof, batch, trust))) {
      const signers = certificate.signatures.map(({ notary }) => notary);
      log.error(
        { chain: chain.name, txId, signers },
        'a certificate says what the own peer of its source has not committed',
      );
      await accuser.accuseSigners(certificate, batch, trust, from);
    }
  }

  /** What waits is looked at again after a restart. */
  #save(): void {
    const blocks = new Map(this.#seen);
    for (const { chain, block } of this.#waiting.values()) {
      if (block < (blocks.get(chain.chainId) ?? 0n)) blocks.set(chain.chainId, block);
    }
    this.#watched.save(blocks);
  }
}

/** A peer that lags is no sign of a lie, but the source can be asked all the same: it answers by what it has committed when asked. */
async function differs(check: () => Promise<unknown>): Promise<boolean> {
  try {
    await check();
    return false;
  } catch (error) {
    if (error instanceof PegError && ['SOURCE_DIFFERS', 'SOURCE_BEHIND'].includes(error.code)) return true;
    throw error;
  }
}
