// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one class, the whole sample day in its order.

import { type Account, type NoteId, type PacketId } from '@gridpeg/protocol';
import { PegError } from '../client';
import { Carrier, type Problem } from './carrier';
import { type DayParties } from './day-chain';
import { DayError } from '../errors/day-error';
import { dayLanes } from './day-lanes';
import { transfer } from './outputs';
import { askedWh, type DayPlan } from './plan-day';
import { MicrogridRun } from './run-microgrid';
import { SessionRun } from './run-sessions';
import { dayKey, dayMemo } from './ledgers/session-ledger';
import { type Step, type Task } from '../setup/task';

/** How the day is run. */
interface DayOptions {
  readonly plan: DayPlan;
  readonly parties: DayParties;
  readonly date: string;
  /** How long anything may be under way before the day gives up waiting for it. */
  readonly timeoutMs: number;
  /** What this machine's clock lacks of that of the nodes, by which deadlines are kept. */
  readonly clockBehindMs: number;
}

/** Credit to be issued, or found among what an earlier run was issued and did not spend. */
interface Wanted {
  readonly name: string;
  readonly recipient: Account;
  readonly quantity: bigint;
}

/** How far ahead the deadline is that must be missed: a commit alone takes longer. */
const missedDeadlineMs = 100;
const missTries = 5;
const maximumOutputs = 50;

/** One day of charging between three chains. Make it, run its {@link DayRun.tasks}, then read what came of it. */
export class DayRun {
  readonly sessions: SessionRun;
  readonly #options: DayOptions;
  readonly #carrier: Carrier;
  readonly #microgrid: MicrogridRun;
  /** Notes to spend, by what they are for. */
  readonly #funds = new Map<string, NoteId>();

  constructor(options: DayOptions) {
    const { parties, plan, date, timeoutMs, clockBehindMs } = options;
    this.#options = options;
    this.#carrier = new Carrier(parties, timeoutMs, clockBehindMs);
    this.sessions = new SessionRun(this.#carrier, parties, plan.batches);
    this.#microgrid = new MicrogridRun(this.#carrier, parties, date);
  }

  get measurements(): Carrier['measurements'] {
    return this.#carrier.measurements;
  }

  get problems(): readonly Problem[] {
    return this.#carrier.problems;
  }

  get examples(): ReadonlyMap<string, PacketId> {
    return this.#carrier.examples;
  }

  close(): void {
    this.#carrier.watch.close();
  }

  /** The day's steps. A part that fails becomes a problem, and the rest of the day goes on. */
  tasks(): readonly Task[] {
    const { plan } = this.#options;
    return [
      { title: 'What the ledgers hold of this day', run: (report) => this.#recover(report) },
      { title: 'Utility issues energy credit on city', run: (report) => this.#issue(report) },
      {
        title: 'Credit moves between the chains',
        tasks: [
          ...plan.batches.map((batch) => ({
            title: `${batch.name} (${batch.settlements.length.toString()} sessions)`,
            run: this.#collectingProblems((report) => this.sessions.run(batch, this.#fundsFor(batch.name), report)),
          })),
          {
            title: 'microgrid and back',
            run: this.#collectingProblems((report) =>
              this.#microgrid.run(this.#fundsFor('microgrid'), plan.microgridPartWh, report),
            ),
          },
          {
            title: 'a transfer that misses its deadline',
            run: this.#collectingProblems((report) => this.#runMissed(report)),
          },
        ],
      },
      { title: 'Receipts travel home', run: this.#collectingProblems((report) => this.#finish(report)) },
    ];
  }

  #collectingProblems(run: Step['run']): Step['run'] {
    return (report) => this.#carrier.collectProblems(report, () => run(report));
  }

  /** Without the history nothing may be settled, so a failure to read it ends the day. */
  async #recover(report: (text: string) => void): Promise<void> {
    await this.#carrier.history.refresh();
    await this.#carrier.collectProblems(report, () => this.sessions.recover(report));
  }

  async #issue(report: (text: string) => void): Promise<void> {
    const { utility, chargingOperator, microgridOperator } = this.#options.parties;
    const wanted = this.#wanted();
    const [charging, microgrid] = await Promise.all(
      [chargingOperator.city, microgridOperator.city].map(({ client, account }) => client.notes(account)),
    );
    const unspent = [...(charging ?? []), ...(microgrid ?? [])];
    const missing = wanted.filter(({ name, recipient, quantity }) => {
      const found = unspent.find(
        (note) => note.owner === recipient && note.memo === this.#memo(name) && note.quantity === quantity,
      );
      if (found !== undefined) this.#funds.set(name, found.id);
      return found === undefined;
    });
    for (let from = 0; from < missing.length; from += maximumOutputs) {
      const some = missing.slice(from, from + maximumOutputs);
      const outputs = some.map(({ name, recipient, quantity }) => ({ recipient, quantity, memo: this.#memo(name) }));
      const noteIds = await this.#carrier.issue(utility, outputs);
      some.forEach(({ name }, index) => {
        const noteId = noteIds[index];
        if (noteId !== undefined) this.#funds.set(name, noteId);
      });
    }
    const total = missing.reduce((sum, { quantity }) => sum + quantity, 0n);
    const found = wanted.length - missing.length;
    const reused = found === 0 ? '' : `, and ${found.toString()} of an earlier run`;
    report(`${total.toString()} Wh in ${missing.length.toString()} notes${reused}`);
  }

  #wanted(): readonly Wanted[] {
    const { plan, parties } = this.#options;
    const { chargingOperator, microgridOperator } = parties;
    const batches = plan.batches.map((batch) => ({
      name: batch.name,
      recipient: chargingOperator.city.account,
      quantity: this.sessions.open(batch).reduce((total, part) => total + askedWh(part), 0n),
    }));
    const missed = { name: 'missed', recipient: chargingOperator.city.account, quantity: plan.missedWh };
    const ordered = plan.microgridPartWh * 10n;
    const microgrid = { name: 'microgrid', recipient: microgridOperator.city.account, quantity: ordered };
    return [
      ...batches.filter(({ quantity }) => quantity > 0n),
      ...(this.#missedBefore() === undefined ? [missed] : []),
      ...(this.#microgrid.isOpen() ? [microgrid] : []),
    ];
  }

  /** A deadline that is over before the lock has committed: the destination refuses, the source refunds. */
  async #runMissed(report: (text: string) => void): Promise<void> {
    const { city } = this.#options.parties.chargingOperator;
    const earlier = this.#missedBefore();
    const packetId = earlier ?? (await this.#sendTooLate());
    this.#carrier.example('the transfer that missed its deadline', packetId);
    report(earlier === undefined ? 'locked' : 'was locked by an earlier run');
    const { state, code } = await this.#carrier.watch.settled(city, packetId);
    if (state !== 'refunded') {
      const remedy = `See \`gridpeg transfer show ${packetId}\`.`;
      throw new DayError('DEADLINE_NOT_MISSED', `the transfer was ${state}`, remedy);
    }
    report(`refused with ${code}, refunded`);
  }

  /** What an earlier run sent on this date and was not received all the same. */
  #missedBefore(): PacketId | undefined {
    const { history } = this.#carrier;
    const packets = history.packets(dayKey(dayLanes.cityCharging, this.#memo('too late')));
    return packets.find(({ id }) => history.outcome(id) !== 'received')?.id;
  }

  async #sendTooLate(): Promise<PacketId> {
    const { city, charging } = this.#options.parties.chargingOperator;
    const outputs = [transfer(charging.account, this.#options.plan.missedWh, this.#memo('too late'))];
    for (let attempt = 1; ; attempt += 1) {
      try {
        const noteIds = this.#fundsFor('missed');
        const sent = await this.#carrier.send(city, dayLanes.cityCharging, noteIds, outputs, missedDeadlineMs);
        const [packetId] = sent;
        if (packetId === undefined) throw new Error('a send made no packet');
        return packetId;
      } catch (error) {
        // The machine is so slow that the lock itself came too late, so nothing was locked.
        const tooLate = error instanceof PegError && error.code === 'DEADLINE_PASSED';
        if (!tooLate || attempt >= missTries) throw error;
      }
    }
  }

  async #finish(report: (text: string) => void): Promise<void> {
    const { chargingOperator, microgridOperator } = this.#options.parties;
    const everywhere = [chargingOperator.charging, microgridOperator.microgrid, chargingOperator.city];
    await this.#carrier.watch.nothingInFlight(everywhere, report);
    await this.#carrier.history.refresh();
    await this.sessions.bringHome(report);
    await this.#carrier.watch.nothingInFlight(everywhere, report);
    report('nothing is in flight');
  }

  #fundsFor(name: string): readonly NoteId[] {
    const noteId = this.#funds.get(name);
    return noteId === undefined ? [] : [noteId];
  }

  #memo(what: string): string {
    return dayMemo(this.#options.date, what);
  }
}
