// SPDX-License-Identifier: Apache-2.0

import { decode, pegEventShape, type PegEvent, type TxId, txIdShape } from '@gridpeg/protocol';
import { type ChaincodeEvent, type CloseableAsyncIterable } from '@hyperledger/fabric-gateway';
import { pause } from './back-off';
import { type ChainConnection } from './chain-connection';

/** What a committed transaction mentions. It wakes a reader; nobody believes it. */
export interface PegEventSeen {
  readonly event: PegEvent;
  readonly txId: TxId;
  readonly blockNumber: bigint;
}

const reconnectBackOff = { baseMs: 200, capMs: 3_000 };

/**
 * Events `peg` of VALID transactions, for ever: a broken stream is opened again on the next peer, from the last block seen,
 * so an event may come twice. Iterate once; `close` ends the iteration.
 */
export class PegEventStream implements AsyncIterable<PegEventSeen> {
  readonly #connection: ChainConnection;
  readonly #closed = new AbortController();
  #nextBlock: bigint | undefined;
  #source: CloseableAsyncIterable<ChaincodeEvent> | undefined;

  constructor(connection: ChainConnection, startBlock?: bigint) {
    this.#connection = connection;
    this.#nextBlock = startBlock;
  }

  close(): void {
    this.#closed.abort();
    this.#source?.close();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<PegEventSeen> {
    for (let failures = 0; !this.#isClosed(); failures += 1) {
      try {
        this.#source = await this.#connection.chaincodeEvents(this.#nextBlock);
        // Closed while it was being opened: the stream would keep the process alive.
        if (this.#isClosed()) return;
        for await (const found of this.#source) {
          failures = 0;
          this.#nextBlock = found.blockNumber;
          if (found.eventName === 'peg') yield seen(found);
        }
      } catch {
        // The peer is gone, or its stream is: whoever reads events also polls, so nothing is missed meanwhile.
      } finally {
        this.#source?.close();
      }
      await pause(reconnectBackOff, failures, this.#closed.signal).catch(() => undefined);
    }
  }

  #isClosed(): boolean {
    return this.#closed.signal.aborted;
  }
}

function seen({ payload, transactionId, blockNumber }: ChaincodeEvent): PegEventSeen {
  return {
    event: decode(pegEventShape, Buffer.from(payload).toString('utf8')),
    txId: txIdShape.read(transactionId, 'txId'),
    blockNumber,
  };
}
