// SPDX-License-Identifier: Apache-2.0

import { type Account, type LaneId, type Note, type NoteId, type PacketId, type SendOutput } from '@gridpeg/protocol';
import { setTimeout as sleep } from 'node:timers/promises';
import { PegError } from '../client';
import { type DayParties, type Party } from './day-chain';
import { DayError } from './day-error';
import { dayLanes, energy } from './day-lanes';
import { LedgerWatch } from './ledger-watch';
import { Measurements } from './measurements';
import { type DayPlan, type SessionBatch } from './plan-day';
import { type Step, type Task } from './task';

/** How the day is run. */
interface DayOptions {
  readonly plan: DayPlan;
  readonly parties: DayParties;
  readonly date: string;
  /** how long anything may be under way before the day gives up waiting for it */
  readonly timeoutMs: number;
}

/** A part of the day that did not come out as planned. */
interface Problem {
  readonly code: string;
  readonly message: string;
}

/** How far ahead the deadline is that must be missed: a commit alone takes longer. */
const missedDeadlineMs = 100;
const missTries = 5;
const deadlineMs = 15 * 60_000;
const maximumOutputs = 50;
const laggingTries = 10;
const laggingPauseMs = 200;

/** One day of charging between three chains. Make it, run its {@link DayRun.tasks}, then read what came of it. */
export class DayRun {
  readonly measurements = new Measurements();
  readonly problems: Problem[] = [];
  /** a few packets worth looking at, by what they are */
  readonly examples = new Map<string, PacketId>();
  readonly #options: DayOptions;
  readonly #watch: LedgerWatch;
  /** notes that were issued, by what they are for */
  readonly #issued = new Map<string, NoteId>();

  constructor(options: DayOptions) {
    const { chargingOperator, microgridOperator } = options.parties;
    this.#options = options;
    this.#watch = new LedgerWatch(
      [chargingOperator.city, microgridOperator.microgrid, chargingOperator.charging],
      options.timeoutMs,
    );
  }

  close(): void {
    this.#watch.close();
  }

  /** The day's steps. A part that fails becomes a problem, and the rest of the day goes on. */
  tasks(): readonly Task[] {
    const { plan, parties } = this.#options;
    return [
      { title: 'Utility issues energy credit on city', run: (tell) => this.#issue(tell) },
      {
        title: 'Credit moves between the chains',
        tasks: [
          ...plan.batches.map((batch) => ({
            title: `${batch.name} (${batch.asks.length.toString()} sessions)`,
            run: this.#goingOn((tell) => this.#runBatch(batch, tell)),
          })),
          { title: 'microgrid and back', run: this.#goingOn((tell) => this.#runMicrogrid(tell)) },
          { title: 'a transfer that misses its deadline', run: this.#goingOn((tell) => this.#runMissed(tell)) },
        ],
      },
      {
        title: 'Receipts travel home',
        run: this.#goingOn(async (tell) => {
          const { chargingOperator, microgridOperator } = parties;
          const everywhere = [chargingOperator.charging, microgridOperator.microgrid, chargingOperator.city];
          await this.#watch.nothingInFlight(everywhere, tell);
          tell('nothing is in flight');
        }),
      },
    ];
  }

  #goingOn(run: Step['run']): Step['run'] {
    return async (tell) => {
      try {
        await run(tell);
      } catch (error) {
        if (!(error instanceof PegError || error instanceof DayError)) throw error;
        const message = error.message.replace(`${error.code}: `, '');
        this.problems.push({ code: error.code, message });
        tell(`${error.code}: ${message}`);
      }
    };
  }

  async #issue(tell: (text: string) => void): Promise<void> {
    const { plan, parties, date } = this.#options;
    const { chargingOperator, microgridOperator, utility } = parties;
    const wanted = [
      ...plan.batches.map(({ name, totalWh }) => [name, chargingOperator.city.account, totalWh] as const),
      ['missed', chargingOperator.city.account, plan.missedWh] as const,
      ['microgrid', microgridOperator.city.account, plan.microgrid.orderedWh] as const,
    ];
    for (let from = 0; from < wanted.length; from += maximumOutputs) {
      const some = wanted.slice(from, from + maximumOutputs);
      const outputs = some.map(([name, recipient, quantity]) => ({ recipient, quantity, memo: `${date} ${name}` }));
      const { answer } = await this.#timed(() => utility.client.issue({ asset: energy, outputs }));
      some.forEach(([name], index) => {
        const noteId = answer.noteIds[index];
        if (noteId !== undefined) this.#issued.set(name, noteId);
      });
    }
    const total = plan.issuedWh.charging + plan.issuedWh.microgrid;
    tell(`${total.toString()} Wh in ${wanted.length.toString()} notes`);
  }

  /** Credit asked for goes to the charging chain; there it is retired or sent home. */
  async #runBatch(batch: SessionBatch, tell: (text: string) => void): Promise<void> {
    const { city, charging } = this.#options.parties.chargingOperator;
    tell('asking');
    const asks = batch.asks.map(({ sessionId, quantityWh }) => transfer(charging.account, quantityWh, sessionId));
    const notes = await this.#carryOver(city, charging, dayLanes.cityCharging, [this.#issuedNote(batch.name)], asks);
    tell('settling');
    const arrived = new Set(notes.map(({ memo }) => memo));
    const outputs = batch.settlements
      .filter(({ sessionId }) => arrived.has(sessionId))
      .flatMap(({ sessionId, retiredWh, returnedWh }) => [
        retirement(charging.account, retiredWh, sessionId),
        transfer(city.account, returnedWh, sessionId),
      ])
      .filter(({ quantity }) => quantity > 0n);
    const noteIds = notes.map(({ id }) => id);
    const packetIds = await this.#send(charging, dayLanes.chargingCity, noteIds, outputs);
    this.#example('what was delivered in a session', packetIds[outputs.findIndex(({ kind }) => kind === 'retirement')]);
    this.#example('what was not used', packetIds[outputs.findIndex(({ kind }) => kind === 'transfer')]);
    tell(`${noteIds.length.toString()} of ${batch.asks.length.toString()} credited and settled`);
  }

  /** City to microgrid, on to charging, retired there or back the same way. */
  async #runMicrogrid(tell: (text: string) => void): Promise<void> {
    const { parties, plan, date } = this.#options;
    const { orderedWh, passedOnWh, retiredWh, givenBackWh, returnedWh } = plan.microgrid;
    const { city, microgrid } = parties.microgridOperator;
    const { charging } = parties.chargingOperator;
    const memo = `${date} microgrid`;
    tell('city to microgrid');
    const ordered = await this.#carryOver(
      city,
      microgrid,
      dayLanes.cityMicrogrid,
      [this.#issuedNote('microgrid')],
      [
        transfer(microgrid.account, orderedWh - passedOnWh, memo),
        transfer(microgrid.account, passedOnWh, `${memo} for charging`),
      ],
    );
    const [kept, forCharging] = ordered;
    if (kept === undefined || forCharging === undefined) return;
    tell('microgrid to charging');
    const passedOn = await this.#carryOver(
      microgrid,
      charging,
      dayLanes.microgridCharging,
      [forCharging.id],
      [transfer(charging.account, passedOnWh, memo)],
    );
    tell('charging to microgrid');
    const givenBack = await this.#carryOver(
      charging,
      microgrid,
      dayLanes.chargingMicrogrid,
      passedOn.map(({ id }) => id),
      [transfer(microgrid.account, givenBackWh, memo), retirement(charging.account, retiredWh, memo)],
    );
    tell('microgrid to city');
    const noteIds = [kept, ...givenBack].map(({ id }) => id);
    await this.#carryOver(microgrid, city, dayLanes.microgridCity, noteIds, [transfer(city.account, returnedWh, memo)]);
    tell('all four lanes done');
  }

  /** A deadline that is over before the lock has committed: the destination refuses, the source refunds. */
  async #runMissed(tell: (text: string) => void): Promise<void> {
    const { city, charging } = this.#options.parties.chargingOperator;
    const output = transfer(charging.account, this.#options.plan.missedWh, `${this.#options.date} too late`);
    const [packetId] = await this.#sendTooLate(city, [this.#issuedNote('missed')], [output]);
    if (packetId === undefined) throw new Error('a send made no packet');
    this.#example('the transfer that missed its deadline', packetId);
    tell('locked');
    const { state, code } = await this.#watch.settled(city, packetId);
    if (state !== 'refunded') {
      throw new DayError(
        'DEADLINE_NOT_MISSED',
        `the transfer was ${state}. See \`gridpeg transfer show ${packetId}\`.`,
      );
    }
    tell(`refused with ${code}, refunded`);
  }

  async #sendTooLate(
    source: Party,
    noteIds: readonly NoteId[],
    outputs: readonly SendOutput[],
  ): Promise<readonly PacketId[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#send(source, dayLanes.cityCharging, noteIds, outputs, missedDeadlineMs);
      } catch (error) {
        // So slow that the lock itself came too late: nothing was locked.
        const tooLate = error instanceof PegError && error.code === 'DEADLINE_PASSED';
        if (!tooLate || attempt >= missTries) throw error;
      }
    }
  }

  /**
   * Sends, and waits until all has arrived.
   *
   * @returns the notes that transfers made on the destination, in the order of the outputs
   * @throws DayError NOT_RECEIVED_IN_TIME
   */
  async #carryOver(
    source: Party,
    destination: Party,
    laneId: LaneId,
    noteIds: readonly NoteId[],
    outputs: readonly SendOutput[],
  ): Promise<readonly Note[]> {
    const packetIds = await this.#send(source, laneId, noteIds, outputs);
    const committedMs = performance.now();
    const receipts = await this.#watch.receipts(destination, packetIds);
    for (const { packetId } of receipts) {
      this.measurements.add('received', (this.#watch.receiptSeenMs(packetId) ?? performance.now()) - committedMs);
    }
    for (const { packetId, outcome, code } of receipts.filter((receipt) => receipt.outcome !== 'received')) {
      const message = `packet ${packetId} was ${outcome} (${code}). See \`gridpeg transfer show\`; it is refunded.`;
      this.problems.push({ code: 'UNEXPECTED_OUTCOME', message });
    }
    const received = new Set<string>(receipts.filter(({ outcome }) => outcome === 'received').map(({ txId }) => txId));
    const notes = await destination.client.notes(destination.account);
    const fresh = notes.filter(({ id }) => received.has(txIdOf(id)));
    return outputs
      .filter(({ kind }) => kind === 'transfer')
      .flatMap(({ memo, quantity }) => fresh.find((note) => note.memo === memo && note.quantity === quantity) ?? []);
  }

  async #send(
    { client }: Party,
    laneId: LaneId,
    noteIds: readonly NoteId[],
    outputs: readonly SendOutput[],
    withinMs = deadlineMs,
  ): Promise<readonly PacketId[]> {
    const { answer } = await this.#timed(() =>
      onceAllPeersKnow(() => client.send({ laneId, noteIds, outputs, deadlineMs: BigInt(Date.now() + withinMs) })),
    );
    this.measurements.carry(
      laneId,
      outputs.length,
      outputs.reduce((total, { quantity }) => total + quantity, 0n),
    );
    return answer.packetIds;
  }

  async #timed<T>(submit: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await submit();
    this.measurements.add('commit', performance.now() - start);
    return result;
  }

  #issuedNote(name: string): NoteId {
    const noteId = this.#issued.get(name);
    if (noteId === undefined) throw new Error(`no note was issued for ${name}`);
    return noteId;
  }

  #example(name: string, packetId: PacketId | undefined): void {
    if (packetId !== undefined && !this.examples.has(name)) this.examples.set(name, packetId);
  }
}

/** A note that has just arrived may be unknown yet to the peer of another organization that is asked to endorse. */
async function onceAllPeersKnow<T>(submit: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await submit();
    } catch (error) {
      const behind = error instanceof PegError && ['NOTE_SPENT', 'ENDORSEMENTS_DIFFER'].includes(error.code);
      if (!behind || attempt >= laggingTries) throw error;
      await sleep(laggingPauseMs);
    }
  }
}

function transfer(recipient: Account, quantity: bigint, memo: string): SendOutput {
  return { kind: 'transfer', recipient, quantity, memo };
}

function retirement(account: Account, quantity: bigint, memo: string): SendOutput {
  return { kind: 'retirement', recipient: account, quantity, memo };
}

function txIdOf(noteId: NoteId): string {
  return noteId.slice(17, 81);
}
