// SPDX-License-Identifier: Apache-2.0

import { parseDuration as readDuration } from '@gridpeg/network';
import { limits, Refused, type Codec } from '@gridpeg/protocol';
import { parseIsoDate } from './iso-time';
import { CommandError } from '../errors/command-error';

/**
 * Reads one option or argument by the rule of the protocol.
 *
 * @param name - as the user wrote it, for the message
 * @throws CommandError USAGE
 */
export function parseByCodec<T>(codec: Codec<T>, text: string, name: string): T {
  try {
    return codec.decode(text, name);
  } catch (error) {
    if (!(error instanceof Refused) || error.refusal.code !== 'REQUEST_MALFORMED') throw error;
    throw usage(name, text, error.refusal.expected);
  }
}

/**
 * Reads a duration: a whole number and ms, s, m, h or d.
 *
 * @returns milliseconds > 0
 * @throws CommandError USAGE
 */
export function parseDuration(text: string, name: string): bigint {
  const milliseconds = readDuration(text) ?? 0n;
  if (milliseconds > 0n) return milliseconds;
  throw usage(name, text, 'a duration such as 500ms, 30s, 10m, 2h or 1d');
}

/**
 * Reads how far off a packet's deadline is: what the chain would refuse is refused before anything is sent.
 *
 * @returns milliseconds
 * @throws CommandError USAGE
 */
export function parseDeadline(text: string, name: string): bigint {
  const ahead = parseDuration(text, name);
  if (ahead >= 1_000n && ahead <= limits.deadlineAheadMs) return ahead;
  throw usage(name, text, 'from 1s to 30d');
}

/** Reads a whole number within bounds. @throws CommandError USAGE */
export function parseCount(text: string, name: string, minimum: number, maximum: number): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= minimum && count <= maximum) return count;
  throw usage(name, text, `a whole number from ${minimum.toString()} to ${maximum.toString()}`);
}

/** Reads a calendar date that exists. @throws CommandError USAGE */
export function parseDate(text: string, name: string): string {
  if (parseIsoDate(text) !== undefined) return text;
  throw usage(name, text, 'a date that exists, as 2019-05-16');
}

function usage(name: string, text: string, expected: string): CommandError {
  return new CommandError('USAGE', `${name} ${JSON.stringify(text.slice(0, 200))} is not ${expected}`, 'Correct it.');
}
