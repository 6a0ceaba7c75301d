// SPDX-License-Identifier: Apache-2.0

import { networkExplanations } from '@gridpeg/network';
import { type CodeMeaning } from '@gridpeg/protocol';
import { closest, distance } from 'fastest-levenshtein';
import { explanations, type ErrorClass } from '../client';
import { auditExplanations } from './audit-explanations';
import { commandExplanations } from './command-explanations';
import { dayExplanations } from './day-explanations';
import { doctorExplanations } from './doctor-explanations';

/** The meaning of a code in one part of gridpeg. */
export interface CodeEntry extends CodeMeaning {
  readonly code: string;
  /** The part of gridpeg that uses the code. */
  readonly part: string;
  /** Whether trying again helps, where that is known. */
  readonly class?: ErrorClass;
}

const tables: Readonly<Record<string, Readonly<Record<string, CodeMeaning & { readonly class?: ErrorClass }>>>> = {
  command: commandExplanations,
  network: networkExplanations,
  peg: explanations,
  day: dayExplanations,
  audit: auditExplanations,
  doctor: doctorExplanations,
};

/** Every code a user can meet, by part and alphabet. Two parts may know one code, each with a meaning of its own. */
export const codeEntries: readonly CodeEntry[] = Object.entries(tables).flatMap(([part, table]) =>
  Object.entries(table)
    .map(([code, { summary: summary, remedy: remedy, ...more }]) => ({
      code,
      part,
      summary: summary,
      remedy: remedy,
      ...more,
    }))
    .sort((a, b) => (a.code < b.code ? -1 : 1)),
);

const transient = new Set([
  'STATE_LOCKED',
  'TOOL_TIMEOUT',
  'CONNECTION_FAILED',
  'NOT_RECEIVED_IN_TIME',
  'STILL_IN_FLIGHT',
]);

/** Whether trying again helps; what is not known to be otherwise needs another request. */
export function classOfCode(code: string): ErrorClass {
  const { class: found } = codeEntries.find((entry) => entry.code === code && entry.class !== undefined) ?? {};
  return found ?? (transient.has(code) ? 'retry' : 'drop');
}

/** The code that somebody may have meant; undefined when none comes near. */
export function similarCode(text: string): string | undefined {
  const code = closest(
    text,
    codeEntries.map((entry) => entry.code),
  );
  return distance(text, code) <= Math.max(2, text.length / 3) ? code : undefined;
}
