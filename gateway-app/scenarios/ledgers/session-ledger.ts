// SPDX-License-Identifier: Apache-2.0

import { type NoteId, type Packet } from '@gridpeg/protocol';
import { type DayParties } from '../day-chain';
import { dayLanes } from '../day-lanes';
import { type PacketHistory } from './packet-history';
import { decodeSessionMemo, type SessionMemo } from '../session-memo';

/** What ledgers say of one part of a session. */
export type SessionState =
  /** The session was settled, with these facts. */
  | { readonly state: 'settled' }
  /** The session was settled with other facts. */
  | { readonly state: 'changed' }
  /** Credit is under way, or another run with other facts asked for some before. */
  | { readonly state: 'waiting'; readonly packet: Packet }
  /** Credit has arrived and lies in this note. */
  | { readonly state: 'credited'; readonly noteId: NoteId; readonly packet: Packet }
  | { readonly state: 'open' };

/**
 * Reads from the history of packets how far a part of a session is; docs/spec/10-charging-sessions.md.
 *
 * Of several packets that asked for credit, the first one in the order of the ledger that has not ended counts. So runs
 * at the same time agree on the note to settle, and a note is spent once.
 */
export function sessionState(history: PacketHistory, memo: SessionMemo): SessionState {
  const settlements = history.packets(settledKey(memo.key)).map((packet) => decodeSessionMemo(packet.memo));
  if (settlements.some((found) => found?.facts !== memo.facts)) return { state: 'changed' };
  if (settlements.some((found) => found?.part === memo.part)) return { state: 'settled' };
  const asks = history.packets(askedKey(memo.key)).filter((packet) => !hasEnded(history, packet));
  const [first] = asks;
  if (first !== undefined && !isSame(first, memo, 'facts')) return { state: 'waiting', packet: first };
  const packet = asks.find((ask) => isSame(ask, memo, 'facts') && isSame(ask, memo, 'part'));
  if (packet === undefined) return { state: 'open' };
  const note = history.note(packet.id);
  return note === undefined ? { state: 'waiting', packet } : { state: 'credited', noteId: note.id, packet };
}

function isSame(packet: Packet, memo: SessionMemo, field: 'facts' | 'part'): boolean {
  return decodeSessionMemo(packet.memo)?.[field] === memo[field];
}

/** Refused, or its note is spent: settled, which is looked for before, or gone home. */
function hasEnded(history: PacketHistory, { id }: Packet): boolean {
  return history.outcome(id) === 'refused' || history.note(id)?.isSpent === true;
}

const askedKey = (key: string): string => `asked ${key}`;
const settledKey = (key: string): string => `settled ${key}`;

/** Memos of what the day sends once a date, besides the sessions. */
export function dayMemo(date: string, what: string): string {
  return `day/1 ${date} ${what}`;
}

/** By what {@link PacketHistory} finds a packet with a memo of {@link dayMemo}. */
export function dayKey(laneId: string, memo: string): string {
  return `${laneId} ${memo}`;
}

/**
 * By what packets of the day are found again. Only those of its own parties count: anybody may write the same memo.
 */
export function indexKeyOf({
  chargingOperator,
  microgridOperator,
}: DayParties): (packet: Packet) => string | undefined {
  const { city, charging } = chargingOperator;
  const senders = new Set([city, charging, microgridOperator.city, microgridOperator.microgrid].map((p) => p.account));
  const isAsk = ({ laneId, kind, sender, recipient }: Packet): boolean =>
    laneId === dayLanes.cityCharging &&
    kind === 'transfer' &&
    sender === city.account &&
    recipient === charging.account;
  const isSettlement = ({ laneId, sender }: Packet): boolean =>
    laneId === dayLanes.chargingCity && sender === charging.account;
  return (packet) => {
    if (!senders.has(packet.sender)) return undefined;
    if (packet.memo.startsWith('day/1 ')) return dayKey(packet.laneId, packet.memo);
    const session = decodeSessionMemo(packet.memo);
    if (session === undefined || session.isReturn) return undefined;
    if (isAsk(packet)) return askedKey(session.key);
    return isSettlement(packet) ? settledKey(session.key) : undefined;
  };
}
