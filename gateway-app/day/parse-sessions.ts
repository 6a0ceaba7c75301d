// SPDX-License-Identifier: Apache-2.0

import type { DayErrorCode } from './day-error';
import { DayError } from './day-error';
import { parseEnergy } from './parse-energy';
import { readCsv, type CsvRecord } from './read-csv';

/** One charging session: credit is asked for when it begins, and settled when it ends. */
export interface Session {
  /** at most 128 printable ASCII characters: it becomes the memo of packets and notes */
  readonly id: string;
  readonly stationId: string;
  readonly arrivalMs: number;
  readonly departureMs: number;
  readonly requestedWh: bigint;
  readonly deliveredWh: bigint;
}

/** A line that was left out; the rest of the day goes on. `message` says what, why and what to do. */
interface SessionFault {
  readonly code: DayErrorCode;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** What a file holds of one day. */
export interface DaySessions {
  /** local date of arrival, YYYY-MM-DD */
  readonly date: string;
  /** in the order of arrival */
  readonly sessions: readonly Session[];
  /** of this day's lines, and of lines whose day can't be read */
  readonly faults: readonly SessionFault[];
  /** all days in the file, in order */
  readonly dates: readonly string[];
}

const columnNames = [
  'arrival',
  'departure',
  'requested_energy',
  'delivered_energy',
  'station_id',
  'session_id',
] as const;
type Column = (typeof columnNames)[number];
type Line = Readonly<Record<Column, string>>;

/**
 * Reads the charging sessions of one day from CSV with the columns of the ACN data; others may stand beside them.
 *
 * @param text - the whole file
 * @param source - `file`: the name for messages; `date`: the local day of arrival, the file's first unless given;
 *   `maximumWh`: what the lane takes at once
 * @throws DayError SESSION_COLUMN_MISSING, SESSIONS_NONE
 */
export function parseSessions(
  text: string,
  source: { readonly file: string; readonly date?: string | undefined; readonly maximumWh: bigint },
): DaySessions {
  const [header, ...records] = readCsv(text);
  const columns = columnsOf(header, source.file);
  const lines = records.map((record) => ({ ...record, values: lineOf(record, columns) }));
  const dates = [...new Set(lines.flatMap(({ values }) => dateOf(values) ?? []))].sort();
  const date = source.date ?? dates[0];
  const sessions = new Map<string, Session>();
  const faults: SessionFault[] = [];
  for (const { line, fields, values } of lines.filter(({ values }) => (dateOf(values) ?? date) === date)) {
    const complete = fields.length === header?.fields.length;
    const read = complete ? readSession(values, source.maximumWh) : incomplete(fields.length);
    const outcome = 'id' in read && sessions.has(read.id) ? repeated(read.id) : read;
    if ('id' in outcome) sessions.set(outcome.id, outcome);
    else faults.push({ ...outcome, file: source.file, line });
  }
  if (date === undefined || sessions.size === 0) throw noSessions(source.file, date, dates, faults);
  return { date, dates, faults, sessions: [...sessions.values()].sort((a, b) => a.arrivalMs - b.arrivalMs) };
}

function columnsOf(header: CsvRecord | undefined, file: string): ReadonlyMap<Column, number> {
  const found = (header?.fields ?? []).map((name) => name.replace(/ \(kWh\)$/, '').trim());
  const missing = columnNames.filter((name) => !found.includes(name));
  if (missing.length > 0) {
    throw new DayError(
      'SESSION_COLUMN_MISSING',
      `${file}:1: no column ${missing.join(', ')}. Give a CSV whose first line names ${columnNames.join(', ')}.`,
    );
  }
  return new Map(columnNames.map((name) => [name, found.indexOf(name)]));
}

function lineOf({ fields }: CsvRecord, columns: ReadonlyMap<Column, number>): Line {
  const field = (name: Column): string => fields[columns.get(name) ?? -1] ?? '';
  return {
    arrival: field('arrival'),
    departure: field('departure'),
    requested_energy: field('requested_energy'),
    delivered_energy: field('delivered_energy'),
    station_id: field('station_id'),
    session_id: field('session_id'),
  };
}

const timePattern = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:\d{2})$/;

function dateOf({ arrival }: Line): string | undefined {
  return parseTime(arrival) === undefined ? undefined : arrival.slice(0, 10);
}

function parseTime(text: string): number | undefined {
  const match = timePattern.exec(text);
  if (match === null) return undefined;
  const milliseconds = Date.parse(`${match[1] ?? ''}T${(match[2] ?? '').slice(0, 12)}${match[3] ?? ''}`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

type Fault = Pick<SessionFault, 'code' | 'message'>;

function readSession(line: Line, maximumWh: bigint): Session | Fault {
  if (!/^[\x20-\x7e]{1,128}$/.test(line.session_id)) {
    return fault('SESSION_ID', `session_id ${shown(line.session_id)}`, 'Use 1 to 128 printable ASCII characters');
  }
  const time = readTimes(line);
  if ('code' in time) return time;
  const energy = readEnergies(line, maximumWh);
  if ('code' in energy) return energy;
  return { id: line.session_id, stationId: line.station_id, ...time, ...energy };
}

function readTimes(line: Line): Pick<Session, 'arrivalMs' | 'departureMs'> | Fault {
  const arrivalMs = parseTime(line.arrival);
  const departureMs = parseTime(line.departure);
  if (arrivalMs === undefined || departureMs === undefined) {
    const [name, value] = arrivalMs === undefined ? ['arrival', line.arrival] : ['departure', line.departure];
    return fault('SESSION_TIME', `${name} ${shown(value)} is no time`, 'Write it as 2019-05-16 07:30:00-07:00');
  }
  if (departureMs < arrivalMs) return fault('SESSION_TIME', 'departure is before arrival', 'Correct one of them');
  return { arrivalMs, departureMs };
}

function readEnergies(line: Line, maximumWh: bigint): Pick<Session, 'requestedWh' | 'deliveredWh'> | Fault {
  const requestedWh = parseEnergy(line.requested_energy);
  const deliveredWh = parseEnergy(line.delivered_energy);
  if (requestedWh === undefined || deliveredWh === undefined) {
    const [name, value] =
      requestedWh === undefined
        ? ['requested_energy', line.requested_energy]
        : ['delivered_energy', line.delivered_energy];
    return fault('SESSION_ENERGY', `${name} ${shown(value)} is no energy`, 'Write decimal kWh >= 0, as 12.345');
  }
  const largest = requestedWh > deliveredWh ? requestedWh : deliveredWh;
  if (largest > maximumWh) {
    const limit = maximumWh.toString();
    return fault('SESSION_ENERGY_TOO_LARGE', `${largest.toString()} Wh, the lane takes ${limit} Wh`, 'Check the unit');
  }
  return { requestedWh, deliveredWh };
}

function incomplete(found: number): Fault {
  return fault('SESSION_FIELDS', `${found.toString()} fields, not as many as the first line`, 'Correct the line');
}

function repeated(id: string): Fault {
  return fault('SESSION_REPEATED', `session ${shown(id)} is on an earlier line`, 'Remove one of the two lines');
}

function fault(code: DayErrorCode, what: string, remedy: string): Fault {
  return { code, message: `${what}. ${remedy}.` };
}

function shown(value: string): string {
  return JSON.stringify(value.slice(0, 60));
}

function noSessions(
  file: string,
  date: string | undefined,
  dates: readonly string[],
  faults: readonly SessionFault[],
): DayError {
  const [first] = faults;
  const why = first === undefined ? '' : ` (line ${first.line.toString()}: ${first.message})`;
  const range = dates.length === 0 ? '' : ` It has days from ${dates[0] ?? ''} to ${dates.at(-1) ?? ''}.`;
  return new DayError(
    'SESSIONS_NONE',
    `${file}: no usable session${date === undefined ? '' : ` on ${date}`}${why}.${range} Give another file or --date.`,
  );
}
