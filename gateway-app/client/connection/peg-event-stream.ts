// SPDX-License-Identifier: Apache-2.0

import { decode, pegEventCodec, type PegEvent, type TxId, txIdCodec } from '@gridpeg/protocol';
import { type ChaincodeEvent, type CloseableAsyncIterable } from '@hyperledger/fabric-gateway';
import { pause } from './back-off';
import { type ChainConnection } from './chain-connection';
import { isUnavailable } from './gateway-failure';
import { PegError } from '../errors/peg-error';

/** What a committed transaction mentions. It wakes a reader; nobody believes it. */
export interface PegEventSeen {
  readonly event: PegEvent;
  readonly txId: TxId;
  readonly blockNumber: bigint;
}

/** Where the events come from. */
export type EventSource = Pick<ChainConnection, 'chaincodeName' | 'chaincodeEvents'>;

const reconnectBackOff = { baseMs: 200, capMs: 3_000 };
/** A block that a peer which answers fails to deliver so often in a row is passed over. */
const blockTries = 3;

/**
 * Events `peg` of VALID transactions, for ever: a broken stream is opened again on the next peer, from the last block
 * seen, so an event may come twice. What cannot be read is passed over. Iterate once; `close` ends the iteration.
 */
export class PegEventStream implements AsyncIterable<PegEventSeen> {
  readonly #connection: EventSource;
  readonly #onSkipped: (error: PegError) => void;
  readonly #closed = new AbortController();
  #nextBlock: bigint | undefined;
  /** Transactions of that block whose events could not be read: they come again with the block. */
  #skipped = new Set<string>();
  #source: CloseableAsyncIterable<ChaincodeEvent> | undefined;

  /**
   * @param startBlock - undefined for the next one
   * @param onSkipped - is called with EVENT_UNREADABLE, once for each event or block that was skipped
   */
  constructor(connection: EventSource, startBlock?: bigint, onSkipped: (error: PegError) => void = () => undefined) {
    this.#connection = connection;
    this.#nextBlock = startBlock;
    this.#onSkipped = onSkipped;
  }

  close(): void {
    this.#closed.abort();
    this.#source?.close();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<PegEventSeen> {
    let blockFailures = 0;
    for (let failures = 0; !this.#isClosed(); failures += 1) {
      try {
        this.#source = await this.#connection.chaincodeEvents(this.#nextBlock);
        // Closed while it was being opened: the stream would keep the process alive.
        if (this.#isClosed()) return;
        for await (const found of this.#source) {
          failures = 0;
          blockFailures = 0;
          this.#enter(found.blockNumber);
          const seen = this.#read(found);
          if (seen !== undefined) yield seen;
        }
      } catch (error) {
        // The peer is gone, or its stream is: whoever reads events also polls, so nothing is missed meanwhile.
        blockFailures += isUnavailable(error) ? 0 : 1;
        if (blockFailures >= blockTries) this.#passBlock(error);
        if (blockFailures >= blockTries) blockFailures = 0;
      } finally {
        this.#source?.close();
      }
      await pause(reconnectBackOff, failures, this.#closed.signal).catch(() => undefined);
    }
  }

  #enter(blockNumber: bigint): void {
    if (blockNumber !== this.#nextBlock) this.#skipped = new Set();
    this.#nextBlock = blockNumber;
  }

  /** Every contract of the chaincode may emit events of that name, with whatever in them. */
  #read({ chaincodeName, eventName, payload, transactionId, blockNumber }: ChaincodeEvent): PegEventSeen | undefined {
    if (chaincodeName !== this.#connection.chaincodeName || eventName !== 'peg') return undefined;
    try {
      const event = decode(pegEventCodec, Buffer.from(payload).toString('utf8'));
      return { event, txId: txIdCodec.decode(transactionId, 'txId'), blockNumber };
    } catch (cause) {
      if (!this.#skipped.has(transactionId))
        this.#report({ txId: transactionId, block: blockNumber.toString() }, cause);
      this.#skipped.add(transactionId);
      return undefined;
    }
  }

  /** Goes on with whatever comes next: nobody needs the events of a block to know what is on the ledger. */
  #passBlock(cause: unknown): void {
    this.#report({ block: this.#nextBlock?.toString() ?? 'the newest' }, cause);
    this.#nextBlock = undefined;
  }

  #report(data: PegError['details'], cause: unknown): void {
    const detail = cause instanceof Error ? cause.message : String(cause);
    this.#onSkipped(new PegError({ code: 'EVENT_UNREADABLE', details: data, detail, cause }));
  }

  #isClosed(): boolean {
    return this.#closed.signal.aborted;
  }
}
