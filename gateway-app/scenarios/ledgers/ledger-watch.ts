// SPDX-License-Identifier: Apache-2.0

import { type InFlight, type LaneId, type PacketId, type ReceiptEntry, type TransferResponse } from '@gridpeg/protocol';
import { pollUntil } from '@gridpeg/network';
import { type EventSource, type Party } from '../day-chain';
import { DayError } from '../../errors/day-error';

/** Events only wake; this is how soon something is seen when an event is missed. */
const pollMs = 2_000;
const roundMs = 500;

interface Waiter {
  readonly chain: string;
  readonly wake: () => void;
}

/** Waits for what other parties' transactions bring: woken by events, believing only what the ledger answers. */
export class LedgerWatch {
  readonly #streams: readonly EventSource[];
  readonly #mentionedMs = new Map<string, number>();
  readonly #waiters = new Set<Waiter>();
  readonly #timeoutMs: number;

  /** @param parties - one for each chain to watch */
  constructor(parties: readonly Party[], timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#streams = parties.map(({ chain, client }) => {
      const stream = client.pegEvents();
      void this.#follow(chain, stream);
      return stream;
    });
  }

  close(): void {
    for (const stream of this.#streams) stream.close();
  }

  /** When the first event of a receipt came, on the clock of `performance`; undefined when no event came. */
  receiptSeenMs(packetId: PacketId): number | undefined {
    return this.#mentionedMs.get(packetId);
  }

  /**
   * Waits until every packet has its answer on the destination.
   *
   * @returns the receipts, in the order of the packets
   * @throws DayError NOT_RECEIVED_IN_TIME
   */
  async receipts(destination: Party, packetIds: readonly PacketId[]): Promise<readonly ReceiptEntry[]> {
    const found = new Map<PacketId, ReceiptEntry>();
    await this.#until(destination.chain, `${packetIds.length.toString()} packets to ${destination.chain}`, async () => {
      const missing = packetIds.filter((id) => !found.has(id));
      for (const receipt of await destination.client.getReceipts(missing)) {
        found.set(receipt.packetId, receipt);
        if (!this.#mentionedMs.has(receipt.packetId)) this.#mentionedMs.set(receipt.packetId, performance.now());
      }
      return found.size === packetIds.length;
    });
    return packetIds.flatMap((id) => found.get(id) ?? []);
  }

  /** Waits until a packet is settled at its source. @throws DayError NOT_RECEIVED_IN_TIME */
  async settled(source: Party, packetId: PacketId): Promise<TransferResponse> {
    let answer: TransferResponse | undefined;
    await this.#until(source.chain, `packet ${packetId.slice(0, 12)}... from ${source.chain}`, async () => {
      answer = await source.client.getTransfer(packetId);
      return answer.state !== 'in-flight';
    });
    if (answer === undefined) throw new Error('no transfer was read');
    return answer;
  }

  /**
   * Waits until no chain has anything in flight.
   *
   * @param report - is called with how many packets there are
   * @throws DayError STILL_IN_FLIGHT naming what waits
   */
  async nothingInFlight(parties: readonly Party[], report: (text: string) => void): Promise<void> {
    let told = '';
    let lanes: ReadonlyArray<readonly [LaneId, number]> = [];
    const isEmpty = async (): Promise<boolean> => {
      const counts = await Promise.all(
        parties.map(async (party) => ({ chain: party.chain, lanes: await countByLane(party.client.inFlightPages()) })),
      );
      const waiting = counts.filter((each) => each.lanes.size > 0);
      lanes = waiting.flatMap((each) => [...each.lanes]);
      const now = waiting.map((each) => `${total(each.lanes).toString()} from ${each.chain}`).join(', ');
      if (now !== told && now !== '') report(now);
      told = now === '' ? told : now;
      return waiting.length === 0;
    };
    // Twice in a row: a retirement may have gone on to a chain that was read before.
    const isEmptyTwice = async (): Promise<boolean> => (await isEmpty()) && (await isEmpty());
    if ((await pollUntil(isEmptyTwice, { timeoutMs: this.#timeoutMs, pollMs: roundMs })) === true) return;
    throw new DayError('STILL_IN_FLIGHT', `packets wait on ${named(lanes)}`, whoMustAct);
  }

  async #follow(chain: string, stream: EventSource): Promise<void> {
    for await (const { event } of stream) {
      const now = performance.now();
      for (const { id } of event.receipts) if (!this.#mentionedMs.has(id)) this.#mentionedMs.set(id, now);
      for (const waiter of this.#waiters) if (waiter.chain === chain) waiter.wake();
    }
  }

  async #until(chain: string, what: string, isDone: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + this.#timeoutMs;
    for (;;) {
      const wakeUp = this.#listen(chain, Math.min(pollMs, this.#timeoutMs));
      try {
        if (await isDone()) return;
        if (performance.now() > deadline) {
          const seconds = (this.#timeoutMs / 1000).toString();
          throw new DayError('NOT_RECEIVED_IN_TIME', `${what} have no answer after ${seconds} s`, whoMustAct);
        }
        await wakeUp.woken;
      } finally {
        wakeUp.end();
      }
    }
  }

  /** Listens before anybody looks, so that nothing is missed between looking and waiting. */
  #listen(chain: string, milliseconds: number): { readonly woken: Promise<void>; readonly end: () => void } {
    let wake = (): void => undefined;
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const waiter: Waiter = { chain, wake };
    const timer = setTimeout(wake, milliseconds);
    this.#waiters.add(waiter);
    return {
      woken,
      end: () => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
      },
    };
  }
}

const whoMustAct =
  'Relaying needs enough notaries and both chains: see `gridpeg status`, start what is dead with ' +
  '`gridpeg node start`; nothing is lost meanwhile.';

type CountByLane = ReadonlyMap<LaneId, number>;

async function countByLane(pages: AsyncIterable<readonly InFlight[]>): Promise<CountByLane> {
  const counts = new Map<LaneId, number>();
  for await (const page of pages) {
    for (const { laneId } of page) counts.set(laneId, (counts.get(laneId) ?? 0) + 1);
  }
  return counts;
}

function total(counts: CountByLane): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

function named(lanes: readonly (readonly [LaneId, number])[]): string {
  return [...lanes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name} (${count.toString()})`)
    .join(', ');
}
