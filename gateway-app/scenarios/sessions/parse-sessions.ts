// SPDX-License-Identifier: Apache-2.0

import { DayError } from '../../errors/day-error';
import { decodeText } from './decode-text';
import { parseInstant, type Instant } from '../../input/iso-time';
import { decimalMarkOf, parseEnergy, roundExact, type DecimalMark, type Energy } from './parse-energy';
import { impossibility, overlaps } from './possible-session';
import { splitLine, textLines, type TextLine } from './read-csv';
import { fault, shown, type Fault, type Session } from './session';
import { findColumns, type Column, type Columns, type EnergyUnit } from './session-columns';

/** A line that was left out; the rest of the day goes on. */
interface LineFault extends Fault {
  readonly file: string;
  readonly line: number;
}

/** What a file holds of one day. */
export interface DaySessions {
  /** The local date of arrival, YYYY-MM-DD. */
  readonly date: string;
  /** They are in the order of arrival. */
  readonly sessions: readonly Session[];
  /** Faults of this day's lines, and of lines whose day cannot be read. */
  readonly faults: readonly LineFault[];
  /** All days in the file, in order. */
  readonly dates: readonly string[];
  /** Watt-hours by which the sums of rounded energies differ from the rounded sums of exact ones. */
  readonly rounding: { readonly requestedWh: bigint; readonly deliveredWh: bigint };
}

/** Where sessions come from. */
export interface SessionSource {
  /** The file's name, for messages. */
  readonly file: string;
  /** The local day of arrival; the file's first by default. */
  readonly date?: string | undefined;
  /** The unit of energies whose column names none. */
  readonly unit?: EnergyUnit | undefined;
  /** Unix milliseconds */
  readonly nowMs: number;
}

interface SessionRead {
  readonly session: Session;
  readonly requested: Energy;
  readonly delivered: Energy;
}
interface LineRead {
  readonly line: number;
  /** Undefined when the arrival cannot be read. */
  readonly date: string | undefined;
  readonly outcome: SessionRead | Fault;
}

/**
 * Reads the charging sessions of one day from CSV with the columns of the ACN data; others may stand beside them.
 *
 * @param bytes - the whole file
 * @throws DayError SESSIONS_ENCODING, SESSIONS_TOO_LARGE, SESSION_COLUMN_MISSING, SESSION_COLUMN_REPEATED,
 *   SESSION_UNIT, SESSIONS_NONE
 */
export function parseSessions(bytes: Buffer, source: SessionSource): DaySessions {
  const { text, encoding } = decodeText(bytes, source.file);
  const [header, ...lines] = textLines(text);
  const columns = findColumns(header, { ...source, encoding });
  const read = withoutConflicts(readLines(lines, columns, source.nowMs));
  const dates = [...new Set(read.flatMap((line) => line.date ?? []))].sort();
  const date = source.date ?? dates[0];
  const ofDay = read.filter((line) => (line.date ?? date) === date);
  const good = ofDay.flatMap(({ outcome }) => ('session' in outcome ? [outcome] : []));
  const faults = ofDay.flatMap(({ line, outcome }) =>
    'session' in outcome ? [] : [{ ...outcome, file: source.file, line }],
  );
  if (date === undefined || good.length === 0) throw noSessions(source.file, date, dates, faults);
  return {
    date,
    dates,
    faults,
    sessions: good.map(({ session }) => session).sort((a, b) => a.arrivalMs - b.arrivalMs),
    rounding: {
      requestedWh: roundingOf(good.map(({ requested }) => requested)),
      deliveredWh: roundingOf(good.map(({ delivered }) => delivered)),
    },
  };
}

function readLines(lines: readonly TextLine[], columns: Columns, nowMs: number): readonly LineRead[] {
  const split = lines.map(({ line, text }) => ({ line, fields: splitLine(text, columns.delimiter) }));
  const { requested_energy: requested, delivered_energy: delivered } = columns.index;
  const energies = split.flatMap(({ fields }) => [fields?.[requested] ?? '', fields?.[delivered] ?? '']);
  const mark = decimalMarkOf(energies);
  return split.map(({ line, fields }) => ({ line, ...readLine(fields, columns, mark, nowMs) }));
}

function readLine(
  fields: readonly string[] | undefined,
  columns: Columns,
  mark: DecimalMark,
  nowMs: number,
): Omit<LineRead, 'line'> {
  const field = (name: Column): string => fields?.[columns.index[name]] ?? '';
  const date = parseInstant(field('arrival'))?.date;
  if (fields === undefined) {
    const what = 'a quote stands where none may, or is not closed on its line';
    return { date, outcome: fault('SESSION_QUOTE', what, 'Put quotes around the whole field and double those within') };
  }
  if (fields.length !== columns.count) {
    const what = `${fields.length.toString()} fields, and the first line has ${columns.count.toString()}`;
    return { date, outcome: fault('SESSION_FIELDS', what, 'Correct the line') };
  }
  const outcome = readSession(field, columns, mark);
  const impossible = 'session' in outcome ? impossibility(outcome.session, nowMs) : undefined;
  return { date, outcome: impossible ?? outcome };
}

function readSession(field: (name: Column) => string, { unit }: Columns, mark: DecimalMark): SessionRead | Fault {
  const id = readName(field('session_id'), 'session_id', 'SESSION_ID');
  const stationId = readName(field('station_id'), 'station_id', 'SESSION_STATION');
  const arrival = readTime(field('arrival'), 'arrival');
  const departure = readTime(field('departure'), 'departure');
  const requested = readEnergy(field('requested_energy'), 'requested_energy', unit.requested_energy, mark);
  const delivered = readEnergy(field('delivered_energy'), 'delivered_energy', unit.delivered_energy, mark);
  if (typeof id !== 'string') return id;
  if (typeof stationId !== 'string') return stationId;
  if ('code' in arrival) return arrival;
  if ('code' in departure) return departure;
  if ('code' in requested) return requested;
  if ('code' in delivered) return delivered;
  const times = { arrivalMs: arrival.milliseconds, departureMs: departure.milliseconds };
  const energies = { requestedWh: requested.wh, deliveredWh: delivered.wh };
  return { session: { id, stationId, ...times, ...energies }, requested, delivered };
}

function readName(text: string, name: string, code: 'SESSION_ID' | 'SESSION_STATION'): string | Fault {
  if (/^[\x20-\x7e]{1,128}$/.test(text)) return text;
  return fault(code, `${name} ${shown(text)} is none`, 'Use 1 to 128 printable ASCII characters');
}

function readTime(text: string, name: string): Instant | Fault {
  const remedy = 'Write a date that exists, and the offset from UTC, as 2019-05-16 07:30:00-07:00';
  return parseInstant(text) ?? fault('SESSION_TIME', `${name} ${shown(text)} is no time`, remedy);
}

function readEnergy(text: string, name: string, unit: EnergyUnit, mark: DecimalMark): Energy | Fault {
  const remedy = `Write decimal ${unit} >= 0, as 12.345`;
  return parseEnergy(text, unit, mark) ?? fault('SESSION_ENERGY', `${name} ${shown(text)} is no energy`, remedy);
}

/** Leaves out what other lines contradict: ids that a day has twice, and stations that had a vehicle already. */
function withoutConflicts(lines: readonly LineRead[]): readonly LineRead[] {
  const ids = new Set<string>();
  const single = lines.map((read) => {
    if (!('session' in read.outcome)) return read;
    const { id } = read.outcome.session;
    const name = `${read.date ?? ''} ${id}`;
    const what = `session ${shown(id)} is on an earlier line`;
    if (ids.has(name)) return { ...read, outcome: fault('SESSION_REPEATED', what, 'Remove one of the two lines') };
    ids.add(name);
    return read;
  });
  const placed = single.flatMap(({ line, outcome }) => ('session' in outcome ? [{ line, ...outcome }] : []));
  const overlapping = overlaps(placed);
  return single.map((read) => ({ ...read, outcome: overlapping.get(read.line) ?? read.outcome }));
}

function roundingOf(energies: readonly Energy[]): bigint {
  const rounded = energies.reduce((total, { wh }) => total + wh, 0n);
  return rounded - roundExact(energies.reduce((total, { exact }) => total + exact, 0n));
}

function noSessions(
  file: string,
  date: string | undefined,
  dates: readonly string[],
  faults: readonly LineFault[],
): DayError {
  const [first] = faults;
  const why = first === undefined ? '' : ` (line ${first.line.toString()}: ${first.code}: ${first.message})`;
  const range = dates.length === 0 ? '' : `It has days from ${dates[0] ?? ''} to ${dates.at(-1) ?? ''}. `;
  return new DayError(
    'SESSIONS_NONE',
    `${file}: no usable session${date === undefined ? '' : ` on ${date}`}${why}`,
    `${range}Give another file or --date.`,
  );
}
