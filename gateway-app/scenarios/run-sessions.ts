// SPDX-License-Identifier: Apache-2.0

import { type Note, type NoteId, type PacketId } from '@gridpeg/protocol';
import { PegError } from '../client';
import { type Carrier, type Problem } from './carrier';
import { type DayParties } from './day-chain';
import { dayLanes } from './day-lanes';
import { retirement, transfer } from './outputs';
import { askedWh, type SessionBatch, type Settlement } from './plan-day';
import { sessionState, type SessionState } from './ledgers/session-ledger';
import { decodeSessionMemo, encodeSessionMemo } from './session-memo';

/** Outputs, and notes, of one transaction. */
const maximumOutputs = 50;
/** Another run may settle a note of a batch between reading and sending; each time fewer notes are left. */
const settleTries = 5;

/** Asks for the credit of sessions and settles it, each session once on a ledger, whoever began with it. */
export class SessionRun {
  /** Sessions that were not settled because the ledger contradicts them. */
  readonly leftOut: Problem[] = [];
  /** Sessions that had been settled before this run began. */
  settledBefore: readonly string[] = [];
  readonly #carrier: Carrier;
  readonly #operator: DayParties['chargingOperator'];
  readonly #batches: readonly SessionBatch[];

  constructor(carrier: Carrier, { chargingOperator }: DayParties, batches: readonly SessionBatch[]) {
    this.#carrier = carrier;
    this.#operator = chargingOperator;
    this.#batches = batches;
  }

  /** Waits for what an earlier run has under way, and brings home what no session of this day needs. */
  async recover(report: (text: string) => void): Promise<void> {
    try {
      await this.#waitForEarlier(report);
      await this.bringHome(report);
    } finally {
      this.#judge();
    }
    const { length } = this.settledBefore;
    report(
      length === 0 ? 'no session of this day was settled before' : `${length.toString()} sessions are settled already`,
    );
  }

  /** What remains to be asked for, of one batch. */
  open({ settlements }: SessionBatch): readonly Settlement[] {
    return this.#inState(settlements, 'open').map(({ settlement }) => settlement);
  }

  /**
   * Credit goes to the charging chain; there it is retired or sent home.
   *
   * @param noteIds - hold what is {@link open} of the batch; without any, only what has arrived is settled
   */
  async run(batch: SessionBatch, noteIds: readonly NoteId[], report: (text: string) => void): Promise<void> {
    const { city, charging } = this.#operator;
    const open = this.open(batch);
    if (open.length > 0 && noteIds.length > 0) {
      report('asking');
      const outputs = open.map((part) => transfer(charging.account, askedWh(part), encodeSessionMemo(part.memo)));
      const packetIds = await this.#carrier.send(city, dayLanes.cityCharging, noteIds, outputs);
      await this.#carrier.arrived(charging, packetIds);
    }
    report('settling');
    const settled = await this.#settle(batch);
    report(`${settled.toString()} of ${batch.settlements.length.toString()} settled`);
  }

  /** Notes of sessions that nothing is to be settled with: left behind by a run that was cut, or asked for twice. */
  async bringHome(report: (text: string) => void): Promise<void> {
    const { city, charging } = this.#operator;
    const needed = new Set(this.#inState(this.#all(), 'credited').map(({ state }) => state.noteId));
    const notes = (await charging.client.notes(charging.account)).filter((note) => isSessionNote(note, needed));
    for (let from = 0; from < notes.length; from += maximumOutputs) {
      const some = notes.slice(from, from + maximumOutputs);
      const outputs = some.map(({ quantity, memo }) => transfer(city.account, quantity, returnMemo(memo)));
      const noteIds = some.map(({ id }) => id);
      await this.#carrier.send(charging, dayLanes.chargingCity, noteIds, outputs);
      report(`${some.length.toString()} notes of an earlier run go home`);
    }
    await this.#carrier.history.refresh();
  }

  async #waitForEarlier(report: (text: string) => void): Promise<void> {
    const waiting = this.#inState(this.#all(), 'waiting').map(({ state }) => state.packet.id);
    const underWay = new Set(waiting.filter((id) => this.#carrier.history.outcome(id) === 'in-flight'));
    if (underWay.size === 0) return;
    report(`waiting for ${underWay.size.toString()} packets of an earlier run`);
    await this.#carrier.arrived(this.#operator.charging, [...underWay]);
  }

  #all(): readonly Settlement[] {
    return this.#batches.flatMap(({ settlements }) => settlements);
  }

  #inState<Name extends SessionState['state']>(
    settlements: readonly Settlement[],
    name: Name,
  ): ReadonlyArray<{
    readonly settlement: Settlement;
    readonly state: Extract<SessionState, { readonly state: Name }>;
  }> {
    return settlements.flatMap((settlement) => {
      const state = sessionState(this.#carrier.history, settlement.memo);
      return isState(state, name) ? [{ settlement, state }] : [];
    });
  }

  #judge(): void {
    const ids = (parts: readonly Settlement[]): string[] => [...new Set(parts.map(({ sessionId }) => sessionId))];
    const changed = ids(this.#inState(this.#all(), 'changed').map(({ settlement }) => settlement));
    for (const id of changed) {
      const what = `session ${JSON.stringify(id)} was settled before with another departure or other energies`;
      const message = `${what}. A settlement is final: correct it otherwise, or give another session another id.`;
      this.leftOut.push({ code: 'SESSION_CHANGED', message });
    }
    const settled = this.#inState(this.#all(), 'settled').map(({ settlement }) => settlement);
    const parts = this.#all();
    this.settledBefore = ids(settled).filter((id) =>
      parts.every((part) => part.sessionId !== id || settled.includes(part)),
    );
  }

  /** @returns how many parts of sessions this run settled */
  async #settle({ settlements }: SessionBatch): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      await this.#carrier.history.refresh();
      const ready = this.#inState(settlements, 'credited');
      if (ready.length === 0) return 0;
      try {
        await this.#sendSettlements(ready);
        return ready.length;
      } catch (error) {
        const isRace = error instanceof PegError && error.code === 'NOTE_SPENT';
        if (!isRace || attempt >= settleTries) throw error;
      }
    }
  }

  async #sendSettlements(
    ready: ReadonlyArray<{ readonly settlement: Settlement; readonly state: { readonly noteId: NoteId } }>,
  ): Promise<void> {
    const { city, charging } = this.#operator;
    const outputs = ready
      .flatMap(({ settlement: { memo, retiredWh, returnedWh } }) => [
        retirement(charging.account, retiredWh, encodeSessionMemo(memo)),
        transfer(city.account, returnedWh, encodeSessionMemo(memo)),
      ])
      .filter(({ quantity }) => quantity > 0n);
    const noteIds = ready.map(({ state }) => state.noteId);
    const packetIds = await this.#carrier.send(charging, dayLanes.chargingCity, noteIds, outputs);
    const first = (kind: string): PacketId | undefined =>
      packetIds[outputs.findIndex((output) => output.kind === kind)];
    this.#carrier.example('what was delivered in a session', first('retirement'));
    this.#carrier.example('what was not used', first('transfer'));
  }
}

function isState<Name extends SessionState['state']>(
  state: SessionState,
  name: Name,
): state is Extract<SessionState, { readonly state: Name }> {
  return state.state === name;
}

/** Came straight from the city for a session, and is not to be settled. */
function isSessionNote({ id, memo, label }: Note, needed: ReadonlySet<NoteId>): boolean {
  const isFromCity = label.path.length === 1 && label.path[0] === dayLanes.cityCharging;
  return isFromCity && decodeSessionMemo(memo) !== undefined && !needed.has(id);
}

function returnMemo(memo: string): string {
  const session = decodeSessionMemo(memo);
  return session === undefined ? memo : encodeSessionMemo({ ...session, isReturn: true });
}
