// SPDX-License-Identifier: Apache-2.0

import { hashBytes } from '@gridpeg/protocol';
import type { Session } from './sessions/session';

/**
 * What of a session a packet is about: `credit` up to what was requested, `excess` what was delivered beyond that. They
 * travel apart because the excess is known only when the session ends.
 */
export type SessionPart = 'credit' | 'excess';

/** What the memo of a session's packet says; docs/spec/10-charging-sessions.md. */
export interface SessionMemo {
  /** Identifies the session: a hash of station, id and arrival. */
  readonly key: string;
  /** Identifies the facts of the session: a hash of departure and energies. */
  readonly facts: string;
  readonly part: SessionPart;
  /** Whether the value goes home unsettled. */
  readonly isReturn: boolean;
}

/** SHA-256 as base64url. */
const pattern = /^session\/1 ([\w-]{43}) ([\w-]{43}) (credit|excess)( home)?$/;

/** The memo of a part of a session. */
export function sessionMemo(session: Session, part: SessionPart): SessionMemo {
  const { id, stationId, arrivalMs, departureMs, requestedWh, deliveredWh } = session;
  const key = hashBytes('gridpeg/v1/session-key', stationId, id, arrivalMs);
  const energies = [requestedWh.toString(), deliveredWh.toString()];
  const facts = hashBytes('gridpeg/v1/session-facts', departureMs, ...energies);
  return { key: key.toString('base64url'), facts: facts.toString('base64url'), part, isReturn: false };
}

/** As it stands in packets and notes. */
export function encodeSessionMemo({ key, facts, part, isReturn }: SessionMemo): string {
  return `session/1 ${key} ${facts} ${part}${isReturn ? ' home' : ''}`;
}

/** Undefined for a memo that is about something else. */
export function decodeSessionMemo(memo: string): SessionMemo | undefined {
  const match = pattern.exec(memo);
  if (match === null) return undefined;
  const [, key = '', facts = '', part, home] = match;
  return { key, facts, part: part === 'credit' ? 'credit' : 'excess', isReturn: home !== undefined };
}
