// SPDX-License-Identifier: Apache-2.0

import { decode, pegEventCodec, type PegEvent, type TxId, txIdCodec } from '@gridpeg/protocol';
import { type ChaincodeEvent } from '@hyperledger/fabric-gateway';
import { type ChainConnection } from './chain-connection';
import { reopenedStream } from './reopened-stream';
import { PegError } from '../errors/peg-error';

/** The content of an event. It wakes a reader, which then reads the ledger and does not rely on the event. */
export interface PegEventSeen {
  readonly event: PegEvent;
  readonly txId: TxId;
  readonly blockNumber: bigint;
}

/** Where the events come from. */
export type EventSource = Pick<ChainConnection, 'chaincodeName' | 'chaincodeEvents'>;

/**
 * Events `peg` of VALID transactions, without an end. A broken stream is opened again on the next peer, from the last
 * block seen, so an event may come twice. An event that cannot be read is skipped. Iterate once; `close` ends the
 * iteration.
 */
export class PegEventStream implements AsyncIterable<PegEventSeen> {
  readonly #connection: EventSource;
  readonly #onSkipped: (error: PegError) => void;
  readonly #closed = new AbortController();
  #nextBlock: bigint | undefined;
  /** Transactions of that block whose events could not be read: they come again with the block. */
  #skipped = new Set<string>();

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
  }

  async *[Symbol.asyncIterator](): AsyncIterator<PegEventSeen> {
    const events = reopenedStream(
      {
        open: () => this.#connection.chaincodeEvents(this.#nextBlock),
        read: (found: ChaincodeEvent) => {
          this.#enter(found.blockNumber);
          return this.#read(found);
        },
        skipBlock: (cause) => this.#passBlock(cause),
      },
      this.#closed.signal,
    );
    for await (const seen of events) if (seen !== undefined) yield seen;
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

  /** Continues with the next block. Readers also poll the ledger, so no reader depends on the events of a block. */
  #passBlock(cause: unknown): true {
    this.#report({ block: this.#nextBlock?.toString() ?? 'the newest' }, cause);
    this.#nextBlock = undefined;
    return true;
  }

  #report(data: PegError['details'], cause: unknown): void {
    const detail = cause instanceof Error ? cause.message : String(cause);
    this.#onSkipped(new PegError({ code: 'EVENT_UNREADABLE', details: data, detail, cause }));
  }
}
