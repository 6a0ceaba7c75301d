// SPDX-License-Identifier: Apache-2.0

import { type LaneId, type NoteId, type Packet, type PacketId, type SendOutput } from '@gridpeg/protocol';
import { type Carrier } from './carrier';
import { type DayParties, type Party } from './day-chain';
import { dayLanes } from './day-lanes';
import { retirement, transfer } from './outputs';
import { planMicrogrid } from './plan-day';
import { dayKey, dayMemo } from './ledgers/session-ledger';

/** A packet that was sent on a leg of the way, and the note that it made. */
interface Carried {
  readonly quantityWh: bigint;
  readonly noteId: NoteId;
}

/**
 * City to microgrid, on to charging, retired there or back the same way. Once a date; one that was cut is completed.
 */
export class MicrogridRun {
  readonly #carrier: Carrier;
  readonly #parties: DayParties;
  readonly #date: string;

  constructor(carrier: Carrier, parties: DayParties, date: string) {
    this.#carrier = carrier;
    this.#parties = parties;
    this.#date = date;
  }

  /** Whether nothing was ordered on this date yet. */
  isOpen(): boolean {
    return this.#earlier(dayLanes.cityMicrogrid, this.#memo('order')).length === 0;
  }

  /**
   * @param noteIds - hold what is ordered, when it is open; not used otherwise
   * @param partWh - a tenth of the order; one that was begun before goes on with its own
   */
  async run(noteIds: readonly NoteId[], partWh: bigint, report: (text: string) => void): Promise<void> {
    const { city, microgrid } = this.#parties.microgridOperator;
    const { charging } = this.#parties.chargingOperator;
    const wasOpen = this.isOpen();
    report('city to microgrid');
    const order = planMicrogrid(partWh);
    const [kept, forCharging] = await this.#leg(city, microgrid, dayLanes.cityMicrogrid, noteIds, [
      transfer(microgrid.account, order.keptWh, this.#memo('order')),
      transfer(microgrid.account, order.passedOnWh, this.#memo('order')),
    ]);
    if (kept === undefined || forCharging === undefined) return;
    const plan = planMicrogrid(kept.quantityWh / 4n);
    report('microgrid to charging');
    const passedOn = await this.#leg(
      microgrid,
      charging,
      dayLanes.microgridCharging,
      [forCharging.noteId],
      [transfer(charging.account, plan.passedOnWh, this.#memo('passed on'))],
    );
    report('charging to microgrid');
    const givenBack = await this.#leg(charging, microgrid, dayLanes.chargingMicrogrid, idsOf(passedOn), [
      transfer(microgrid.account, plan.givenBackWh, this.#memo('given back')),
      retirement(charging.account, plan.retiredWh, this.#memo('given back')),
    ]);
    report('microgrid to city');
    await this.#leg(microgrid, city, dayLanes.microgridCity, idsOf([kept, ...givenBack]), [
      transfer(city.account, plan.returnedWh, this.#memo('returned')),
    ]);
    report(wasOpen ? 'all four lanes done' : `all four lanes done; the order of ${this.#date} was made before`);
  }

  /** Sends, unless an earlier run has done so, and waits until all has arrived. @returns the received transfers */
  async #leg(
    source: Party,
    destination: Party,
    laneId: LaneId,
    noteIds: readonly NoteId[],
    outputs: readonly SendOutput[],
  ): Promise<readonly Carried[]> {
    if (noteIds.length === 0 && this.isOpen()) return [];
    const earlier = this.#earlier(laneId, outputs[0]?.memo ?? '');
    const packetIds: readonly PacketId[] =
      earlier.length > 0 ? earlier.map(({ id }) => id) : await this.#carrier.send(source, laneId, noteIds, outputs);
    await this.#carrier.arrived(destination, packetIds);
    return this.#earlier(laneId, outputs[0]?.memo ?? '').flatMap(({ id, quantity }) => {
      const note = this.#carrier.history.note(id);
      return note === undefined ? [] : [{ quantityWh: quantity, noteId: note.id }];
    });
  }

  /** The packets of the first transaction that were not refused. */
  #earlier(laneId: LaneId, memo: string): readonly Packet[] {
    const { history } = this.#carrier;
    const packets = history.packets(dayKey(laneId, memo)).filter(({ id }) => history.outcome(id) !== 'refused');
    return packets.filter(({ txId }) => txId === packets[0]?.txId);
  }

  #memo(what: string): string {
    return dayMemo(this.#date, `microgrid ${what}`);
  }
}

function idsOf(carried: readonly Carried[]): readonly NoteId[] {
  return carried.map(({ noteId }) => noteId);
}
