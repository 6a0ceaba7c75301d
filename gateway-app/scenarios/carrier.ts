// SPDX-License-Identifier: Apache-2.0

import { pollUntil } from '@gridpeg/network';
import { type Account, type LaneId, type NoteId, type PacketId, type SendOutput } from '@gridpeg/protocol';
import { setTimeout as sleep } from 'node:timers/promises';
import { PegError } from '../client';
import { type DayParties, type Party } from './day-chain';
import { DayError } from '../errors/day-error';
import { dayLanes, energy } from './day-lanes';
import { LedgerWatch } from './ledgers/ledger-watch';
import { Measurements } from './measurements';
import { PacketHistory } from './ledgers/packet-history';
import { indexKeyOf } from './ledgers/session-ledger';

/** A part of the day that did not come out as planned. */
export interface Problem {
  readonly code: string;
  readonly message: string;
}

const deadlineMs = 15 * 60_000;
const laggingTries = 10;
const laggingPauseMs = 200;

/** Sends value between the chains of a day, waits for it, and keeps what was seen on the way. */
export class Carrier {
  readonly measurements = new Measurements();
  readonly problems: Problem[] = [];
  /** A few packets worth looking at, by what they are. */
  readonly examples = new Map<string, PacketId>();
  readonly watch: LedgerWatch;
  readonly history: PacketHistory;
  readonly #timeoutMs: number;
  readonly #clockBehindMs: number;
  /** When this run's packets were committed, on the clock of `performance`. */
  readonly #sentMs = new Map<PacketId, number>();

  /**
   * @param timeoutMs - how long anything may be under way before the day gives up waiting for it
   * @param clockBehindMs - what this machine's clock lacks of that of the nodes, by which deadlines are kept
   */
  constructor(parties: DayParties, timeoutMs: number, clockBehindMs: number) {
    const { chargingOperator, microgridOperator } = parties;
    const chains = [chargingOperator.city, chargingOperator.charging, microgridOperator.microgrid];
    this.#timeoutMs = timeoutMs;
    this.#clockBehindMs = clockBehindMs;
    this.watch = new LedgerWatch(chains, timeoutMs);
    this.history = new PacketHistory(chains, Object.values(dayLanes), indexKeyOf(parties));
  }

  /** Issues energy credit. @returns the notes, in the order of the outputs; at most 50 */
  async issue(
    { client }: Party,
    outputs: ReadonlyArray<{ readonly recipient: Account; readonly quantity: bigint; readonly memo: string }>,
  ): Promise<readonly NoteId[]> {
    const { answer } = await this.#timed(() => client.issue({ asset: energy, outputs }));
    return answer.noteIds;
  }

  /** @param outputs - 1 to 50, together at most what the notes hold */
  async send(
    { client }: Party,
    laneId: LaneId,
    noteIds: readonly NoteId[],
    outputs: readonly SendOutput[],
    withinMs = deadlineMs,
  ): Promise<readonly PacketId[]> {
    const { answer } = await this.#timed(() =>
      client.send({ laneId, noteIds, outputs, deadlineMs: BigInt(Date.now() + this.#clockBehindMs + withinMs) }),
    );
    this.measurements.carry(
      laneId,
      outputs.length,
      outputs.reduce((total, { quantity }) => total + quantity, 0n),
    );
    for (const packetId of answer.packetIds) this.#sentMs.set(packetId, performance.now());
    return answer.packetIds;
  }

  /**
   * Waits until packets have been received or refused, and the history contains it; a refusal becomes a problem.
   *
   * @throws DayError NOT_RECEIVED_IN_TIME
   */
  async arrived(destination: Party, packetIds: readonly PacketId[]): Promise<void> {
    const receipts = await this.watch.receipts(destination, packetIds);
    for (const { packetId, outcome, code } of receipts) {
      const sentMs = this.#sentMs.get(packetId);
      const seenMs = this.watch.receiptSeenMs(packetId);
      if (sentMs !== undefined && seenMs !== undefined) this.measurements.add('received', seenMs - sentMs);
      if (outcome === 'received') continue;
      const message = `packet ${packetId} was ${outcome} (${code}). See \`gridpeg transfer show\`; it is refunded.`;
      this.problems.push({ code: 'UNEXPECTED_OUTCOME', message });
    }
    await this.#known(packetIds);
  }

  /** The peer whose blocks are read may be behind the one that knew the receipts. */
  async #known(packetIds: readonly PacketId[]): Promise<void> {
    const areKnown = async (): Promise<boolean> => {
      await this.history.refresh();
      return packetIds.every((id) => this.history.outcome(id) !== 'in-flight');
    };
    const known = await pollUntil(areKnown, { timeoutMs: this.#timeoutMs, pollMs: laggingPauseMs });
    if (known === true) return;
    throw new DayError(
      'NOT_RECEIVED_IN_TIME',
      'a peer does not have the blocks of receipts that another one has',
      'See `gridpeg doctor`.',
    );
  }

  /** Remembers the first packet of its kind. */
  example(name: string, packetId: PacketId | undefined): void {
    if (packetId !== undefined && !this.examples.has(name)) this.examples.set(name, packetId);
  }

  /** Turns what may be expected to fail into a problem, so that the rest of the day goes on. */
  async collectProblems(report: (text: string) => void, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof PegError || error instanceof DayError)) throw error;
      const message = `${error.summary}. ${error.remedy}`;
      this.problems.push({ code: error.code, message });
      report(`${error.code}: ${message}`);
    }
  }

  async #timed<T>(submit: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await onceAllPeersKnow(submit);
    this.measurements.add('commit', performance.now() - start);
    return result;
  }
}

/** A note that has just arrived may be unknown yet to the peer of another organization that is asked to endorse. */
async function onceAllPeersKnow<T>(submit: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await submit();
    } catch (error) {
      const isBehind = error instanceof PegError && ['NOTE_SPENT', 'ENDORSEMENTS_DIFFER'].includes(error.code);
      if (!isBehind || attempt >= laggingTries) throw error;
      await sleep(laggingPauseMs);
    }
  }
}
