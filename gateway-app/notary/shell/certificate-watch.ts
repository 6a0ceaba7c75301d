// SPDX-License-Identifier: Apache-2.0

import { readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { certificateRequestShape, decodeRequest, type TxId } from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { claimedBatch, PegError, type PegEventStream } from '../../client';
import { type Accuser } from './accuser';
import { type ChainView } from './chain-view';
import { type SourceCheck } from './source-check';

/** What a watch works with. */
export interface CertificateWatchParts {
  readonly chains: readonly ChainView[];
  readonly source: Pick<SourceCheck, 'check'>;
  readonly accuser: Pick<Accuser, 'accuseSigners'>;
  /** Remembers up to which block each chain was watched. */
  readonly file: string;
  readonly log: Logger;
}

/** A transaction that took a certificate. */
interface Taken {
  readonly chain: ChainView;
  readonly txId: TxId;
  readonly block: bigint;
  /** Whether comparing it has failed before. */
  readonly failed: boolean;
}

const steps: readonly string[] = ['peg:receive', 'peg:settle'];
const pollMs = 1_000;
/** How long after a failure what failed is tried again. */
const retryMs = 5_000;

/**
 * Compares each certificate that one of the organization's chains has taken with its own peer on the other end, and accuses those who
 * signed what was never committed. So what colluders can take is bounded by the time that this needs (T11, T44).
 */
export class CertificateWatch {
  readonly #parts: CertificateWatchParts;
  readonly #waiting = new Map<string, Taken>();
  readonly #seen = new Map<string, bigint>();
  #saved = '';

  constructor(parts: CertificateWatchParts) {
    this.#parts = parts;
  }

  /**
   * Watches until the signal. A chain that was never watched is watched from its next block on, and that block is
   * written down, so that nothing is missed while the daemon does not run.
   */
  async run(signal: AbortSignal): Promise<void> {
    await this.#load();
    const watches = this.#parts.chains.map((chain) => this.#watch(chain, signal));
    while (!signal.aborted) {
      const failed = await this.#checkAll(signal);
      await this.#save();
      await sleep(failed ? retryMs : pollMs, undefined, { signal }).catch(() => undefined);
    }
    await Promise.all(watches);
    await this.#save();
  }

  async #watch(chain: ChainView, signal: AbortSignal): Promise<void> {
    const startBlock = await this.#startBlock(chain, signal);
    if (startBlock === undefined || signal.aborted) return;
    const stream = chain.client.pegEvents({ startBlock });
    signal.addEventListener('abort', () => {
      stream.close();
    });
    await this.#read(chain, stream);
  }

  /** @returns undefined only when the signal comes before the chain answers */
  async #startBlock(chain: ChainView, signal: AbortSignal): Promise<bigint | undefined> {
    while (!signal.aborted) {
      const known = this.#seen.get(chain.chainId);
      if (known !== undefined) return known;
      try {
        this.#seen.set(chain.chainId, await chain.client.connection.height());
      } catch {
        // The relay and the configuration's reader report a chain that does not answer.
        await sleep(retryMs, undefined, { signal }).catch(() => undefined);
      }
    }
    return undefined;
  }

  async #read(chain: ChainView, stream: PegEventStream): Promise<void> {
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
    if (!steps.includes(name)) return;
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

  async #load(): Promise<void> {
    try {
      const known = JSON.parse(await readFile(this.#parts.file, 'utf8')) as Readonly<Record<string, string>>;
      for (const [chainId, block] of Object.entries(known)) this.#seen.set(chainId, BigInt(block));
    } catch {
      // Without the file, or with one that a crash cut short, the audit is what looks at the past.
    }
  }

  /** What waits is looked at again after a restart. A file that cannot be written costs that, and nothing else. */
  async #save(): Promise<void> {
    try {
      await this.#write();
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'how far certificates were compared was not written');
    }
  }

  async #write(): Promise<void> {
    const blocks = new Map(this.#seen);
    for (const { chain, block } of this.#waiting.values()) {
      if (block < (blocks.get(chain.chainId) ?? 0n)) blocks.set(chain.chainId, block);
    }
    const text = JSON.stringify(Object.fromEntries([...blocks].map(([chainId, block]) => [chainId, block.toString()])));
    if (text === this.#saved) return;
    const partial = `${this.#parts.file}.partial`;
    await writeFile(partial, text, { mode: 0o600 });
    await rename(partial, this.#parts.file);
    this.#saved = text;
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
