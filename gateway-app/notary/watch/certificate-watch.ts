// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one class, the loops of which share the certificates that wait.

import { sleepUntilAborted } from '@gridpeg/network';
import {
  type Certificate,
  certificateRequestCodec,
  type ChainId,
  custodianOf,
  decodeRequest,
  type LaneId,
  type Notary,
  type RecordedBatch,
  Refused,
  signedEvidenceOf,
  type TrustRecord,
  type TxId,
} from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { type BlockCalls, claimedBatch, PegError, type ChainConnection } from '../../client';
import { type AccusedSource, type Accuser } from './accuser';
import { BlockReader, type BlockReaderParts } from './block-reader';
import { contradicting, type JudgingChain } from './contradicting';
import { type ChainView } from '../chains/chain-view';
import { type SourceCheck } from './source-check';
import { WatchedBlocks } from './watched-blocks';

/** What a watch asks of a chain. */
export interface WatchedChain extends Pick<ChainView, 'name' | 'chainId' | 'trustOf' | 'laneOf'> {
  readonly client: AccusedSource['client'] &
    JudgingChain['client'] & {
      readonly connection: BlockReaderParts['connection'] & Pick<ChainConnection, 'transaction'>;
    };
}

/** What a watch works with. */
export interface CertificateWatchParts {
  readonly chains: readonly WatchedChain[];
  readonly source: Pick<SourceCheck, 'check'>;
  readonly accuser: Pick<Accuser, 'accuseSigners'>;
  /** Remembers up to which block each chain was watched. */
  readonly file: string;
  readonly log: Logger;
  /** How often what has arrived is compared; 1000 by default. */
  readonly pollMs?: number;
  /** How often blocks that could not be read are asked for again; 30,000 by default. */
  readonly refetchMs?: number;
}

/**
 * A transaction that took a certificate. Its arguments are read again when they are compared: while a source is away,
 * very many may wait.
 */
interface QueuedCheck {
  readonly chain: WatchedChain;
  readonly source: WatchedChain;
  readonly txId: TxId;
  readonly block: bigint;
  /** What the chain trusted of the source when it was last read: a later change may come before the comparison. */
  readonly trust: TrustRecord | undefined;
  /** Whether comparing it has failed before. */
  readonly failed: boolean;
}

/**
 * The steps that take a certificate. A call that names no contract goes to the chaincode's first one, which is `peg`.
 */
const step = /^(?:peg:|\s*:)?(?:receive|settle)$/;
const defaultPollMs = 1_000;
const defaultRefetchMs = 30_000;
/** After how many polls a failed comparison is tried again. */
const retryPolls = 5;
/** How many certificates about one source are compared at the same time. */
const comparisonsAtOnce = 4;

/**
 * Compares each certificate that one of the organization's chains has taken with its own peer on the other end, and
 * accuses those who signed what was never committed. So what colluders can take is bounded by the time that this needs
 * (T11, T44).
 */
export class CertificateWatch {
  readonly #parts: CertificateWatchParts;
  readonly #watched: WatchedBlocks;
  readonly #waiting = new Map<string, QueuedCheck>();
  readonly #readers = new Map<ChainId, Pick<BlockReader, 'firstUnread'>>();

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
    for (const [chainId, firstUnread] of known) this.#readers.set(chainId, { firstUnread });
    const watches = this.#parts.chains.map((chain) => this.#watch(chain, signal));
    const comparisons = this.#parts.chains.map((source) => this.#compare(source, signal));
    await Promise.all([...watches, ...comparisons]);
    this.#save();
  }

  /** Certificates about one source do not wait for those about another, which may be away. */
  async #compare(source: WatchedChain, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const failed = await this.#checkAll(source, signal);
      this.#save();
      await this.#pause(failed ? retryPolls : 1, signal);
    }
  }

  async #pause(polls: number, signal: AbortSignal): Promise<void> {
    const pollMs = this.#parts.pollMs ?? defaultPollMs;
    await sleepUntilAborted(polls * pollMs, signal);
  }

  async #watch(chain: WatchedChain, signal: AbortSignal): Promise<void> {
    const startBlock = await this.#startBlock(chain, signal);
    if (startBlock === undefined || signal.aborted) return;
    const { log, refetchMs = defaultRefetchMs } = this.#parts;
    const reader = new BlockReader({
      ...{ connection: chain.client.connection, startBlock, refetchMs },
      onBlock: (block) => {
        this.#take(chain, block);
      },
      onPassedOver: ({ message: reason }) => {
        log.warn({ chain: chain.name, reason }, 'certificates are not compared yet');
      },
    });
    this.#readers.set(chain.chainId, reader);
    await reader.run(signal);
  }

  /** @returns undefined only when the signal comes before the chain answers */
  async #startBlock(chain: WatchedChain, signal: AbortSignal): Promise<bigint | undefined> {
    while (!signal.aborted) {
      const known = this.#readers.get(chain.chainId);
      if (known !== undefined) return known.firstUnread;
      try {
        this.#readers.set(chain.chainId, { firstUnread: await chain.client.connection.height() });
      } catch {
        // The relay and the configuration's reader report a chain that does not answer.
        await this.#pause(retryPolls, signal);
      }
    }
    return undefined;
  }

  #take(chain: WatchedChain, { number: block, calls }: BlockCalls): void {
    for (const { txId, args } of calls) {
      const sourceChainId = claimIn(args)?.batch.sourceChainId;
      const source = this.#parts.chains.find(({ chainId }) => chainId === sourceChainId);
      if (source === undefined) continue;
      const trust = trustKnown(chain, source.chainId);
      this.#waiting.set(txId, { chain, source, txId, block, trust, failed: false });
    }
  }

  /**
   * Each comparison may last as long as its source's peers let it wait. @returns whether something has to be tried
   * again
   */
  async #checkAll(source: WatchedChain, signal: AbortSignal): Promise<boolean> {
    const queued = [...this.#waiting.values()].filter((each) => each.source === source);
    let failures = 0;
    const work = async (): Promise<void> => {
      for (let next = queued.shift(); next !== undefined && !signal.aborted; next = queued.shift()) {
        failures += (await this.#hasChecked(next)) ? 0 : 1;
      }
    };
    await Promise.all(Array.from({ length: comparisonsAtOnce }, work));
    return failures > 0 || signal.aborted;
  }

  async #hasChecked(queued: QueuedCheck): Promise<boolean> {
    try {
      await this.#check(queued);
      this.#waiting.delete(queued.txId);
      return true;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // A chain that is down for long is logged once.
      if (!queued.failed) {
        const facts = { chain: queued.chain.name, txId: queued.txId, reason };
        this.#parts.log.warn(facts, 'a certificate is not compared yet');
      }
      this.#waiting.set(queued.txId, { ...queued, failed: true });
      return false;
    }
  }

  async #check({ chain, source: from, txId, trust }: QueuedCheck): Promise<void> {
    const { source, accuser, log } = this.#parts;
    const claim = claimIn((await chain.client.connection.transaction(txId)).args);
    // Certificates with batches of version 1 are ignored, because no ledger accepts them any more.
    if (claim === undefined || claim.batch.version === 1) return;
    const { certificate, batch } = claim;
    const trusts = await contradicting({ certificate, batch }, chain, source);
    if (trusts !== undefined) {
      const signers = signedEvidenceOf(certificate).signatures.map(({ notary }) => notary);
      log.error(
        { chain: chain.name, txId, signers },
        'a certificate says what the own peer of its source has not committed',
      );
      const under = trust === undefined ? trusts : [trust, ...trusts];
      await accuser.accuseSigners({ certificate, batch, custodian: custodianKnown(chain, batch.laneId) }, under, from);
    }
  }

  /** Certificates that wait are compared again after a restart. */
  #save(): void {
    const blocks = new Map([...this.#readers].map(([chainId, { firstUnread }]) => [chainId, firstUnread]));
    for (const { chain, block } of this.#waiting.values()) {
      if (block < (blocks.get(chain.chainId) ?? 0n)) blocks.set(chain.chainId, block);
    }
    this.#watched.save(blocks);
  }
}

/** The certificate that a call takes, and the batch that it claims to prove; undefined for other calls. */
function claimIn([name = '', argument = '']: readonly string[]):
  { readonly certificate: Certificate; readonly batch: RecordedBatch } | undefined {
  if (!step.test(name)) return undefined;
  try {
    const { certificate } = decodeRequest(certificateRequestCodec, argument);
    return { certificate, batch: claimedBatch(certificate) };
  } catch (error) {
    // Other chaincode may have functions of these names, and write here by calling another one.
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** What a chain trusts of a source, as last read; undefined while it was not. */
function trustKnown(chain: WatchedChain, sourceChainId: ChainId): TrustRecord | undefined {
  return knownOrUndefined(() => chain.trustOf(sourceChainId));
}

/** The custodian of a lane by a chain's configuration as last read. */
function custodianKnown(chain: WatchedChain, laneId: LaneId): Notary | undefined {
  return knownOrUndefined(() => custodianOf(chain.laneOf(laneId).custody));
}

function knownOrUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PegError) return undefined;
    throw error;
  }
}
