// SPDX-License-Identifier: Apache-2.0

import { PegError } from '@gridpeg/gateway-app';
import { limits, type NoteId, type PacketId } from '@gridpeg/protocol';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PacketWatch } from '../measure/packet-watch';
import { type Participant, type Participants } from './participants';
import { Pool } from './pool';

/** A note and its owner. */
export interface HeldNote {
  readonly id: NoteId;
  readonly quantity: bigint;
  readonly holder: Participant;
}

/** Of each note made here, in the asset's unit: enough to send from for as long as any phase lasts. */
const quantity = 1_000_000_000n;
const deadlineMs = 3_600_000;

/** Issues `count` notes to an account on the source chain. */
export async function issueNotes(
  { issuer, assetId }: Participants,
  holder: Participant,
  count: number,
): Promise<readonly HeldNote[]> {
  const notes: HeldNote[] = [];
  while (notes.length < count) {
    const some = Math.min(limits.outputs, count - notes.length);
    const output = { recipient: holder.account, quantity, memo: 'bench' };
    const { answer } = await issuer.client.issue({
      asset: assetId,
      outputs: Array.from({ length: some }, () => output),
    });
    notes.push(...answer.noteIds.map((id) => ({ id, quantity, holder })));
  }
  return notes;
}

/** A pool of notes on the source chain, half of them of each of the two organizations. */
export async function notesAtSource(participants: Participants, count: number): Promise<Pool<HeldNote>> {
  const halves = participants.atSource.map((holder) => issueNotes(participants, holder, Math.ceil(count / 2)));
  return new Pool('notes at the source', (await Promise.all(halves)).flat());
}

/** The same on the destination chain: vouchers, sent there by the lane. */
export async function notesAtDestination(
  participants: Participants,
  watch: PacketWatch,
  count: number,
): Promise<Pool<HeldNote>> {
  const halves = participants.atDestination.map((holder) =>
    sendNotes(participants, watch, holder, Math.ceil(count / 2)),
  );
  return new Pool('notes at the destination', (await Promise.all(halves)).flat());
}

async function sendNotes(
  participants: Participants,
  watch: PacketWatch,
  recipient: Participant,
  count: number,
): Promise<readonly HeldNote[]> {
  const [sender] = participants.atSource;
  const packetIds: PacketId[] = [];
  for (const { id } of await issueNotes(participants, sender, Math.ceil(count / limits.outputs))) {
    const outputs = Array.from({ length: Math.min(limits.outputs, count - packetIds.length) }, () => ({
      kind: 'transfer' as const,
      ...{ recipient: recipient.account, quantity: quantity / BigInt(limits.outputs), memo: 'bench' },
    }));
    const deadline = BigInt(Date.now() + deadlineMs);
    const { answer } = await onceSeen(() =>
      sender.client.send({ laneId: participants.laneId, noteIds: [id], outputs, deadlineMs: deadline }),
    );
    packetIds.push(...answer.packetIds);
  }
  await Promise.all(packetIds.map((id) => watch.when('delivered', id)));
  const notes = await recipient.client.notes(recipient.account);
  return notes.map((note) => ({ id: note.id, quantity: note.quantity, holder: recipient }));
}

/** Tries again while the endorsing peers have not seen yet what another organization's peer has committed. */
async function onceSeen<T>(action: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof PegError) || error.code !== 'NOTE_SPENT' || tries >= 20) throw error;
      await sleep(500);
    }
  }
}
