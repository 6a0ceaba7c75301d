// SPDX-License-Identifier: Apache-2.0

import { type PacketId } from '@gridpeg/protocol';
import { type Participants } from './participants';
import { type Pool } from './pool';
import { type HeldNote } from './prepare-notes';

/** What one packet carries, in the asset's unit. */
const quantity = 1n;
/** Far off: no packet of a bench shall miss it. */
const deadlineAheadMs = 3_600_000;

/** Sends small packets over the lane, out of large notes: the change of one sending is spent by a later one. */
export class Sender {
  readonly #participants: Participants;
  readonly #notes: Pool<HeldNote>;

  constructor(participants: Participants, notes: Pool<HeldNote>) {
    this.#participants = participants;
    this.#notes = notes;
  }

  /**
   * Sends packets in one transaction and returns when it is committed.
   *
   * @param packets - 1 to 50
   * @throws PegError
   */
  async send(packets: number): Promise<readonly PacketId[]> {
    const { atDestination, laneId } = this.#participants;
    const recipient = atDestination[1].account;
    const output = { kind: 'transfer' as const, recipient, quantity, memo: '' };
    const deadlineMs = BigInt(Date.now() + deadlineAheadMs);
    let packetIds: readonly PacketId[] = [];
    await this.#notes.use(async (note) => {
      const outputs = Array.from({ length: packets }, () => output);
      const { answer } = await note.holder.client.send({ laneId, noteIds: [note.id], outputs, deadlineMs });
      packetIds = answer.packetIds;
      const [change] = answer.noteIds;
      if (change === undefined) throw new Error('a sending gave no change');
      return { ...note, id: change, quantity: note.quantity - quantity * BigInt(packets) };
    });
    return packetIds;
  }

  /** Asks the source ledger, once in a while: events are believed by nobody else either. @throws Error */
  async checkDelivered(packetId: PacketId): Promise<void> {
    const { state } = await this.#participants.atSource[0].client.getTransfer(packetId);
    if (state !== 'delivered') throw new Error(`packet ${packetId} is ${state}, not delivered`);
  }
}
