// SPDX-License-Identifier: Apache-2.0

import { DayError } from '../../errors/day-error';
import { delimiters, splitLine, type DelimiterName, type TextLine } from './read-csv';

const columnNames = [
  'arrival',
  'departure',
  'requested_energy',
  'delivered_energy',
  'station_id',
  'session_id',
] as const;
export type Column = (typeof columnNames)[number];
type EnergyColumn = 'requested_energy' | 'delivered_energy';

/** Units that energies are read in. */
export const energyUnits = ['kWh', 'Wh'] as const;
export type EnergyUnit = (typeof energyUnits)[number];

/** How the lines of a file are to be read. */
export interface Columns {
  readonly delimiter: DelimiterName;
  /** Fields that each line must have. */
  readonly count: number;
  readonly index: Readonly<Record<Column, number>>;
  readonly unit: Readonly<Record<EnergyColumn, EnergyUnit>>;
}

/** What names of the ACN interface mean, in the form in which names are compared (`comparableName`). */
const otherNames: Readonly<Record<string, string>> = {
  connectiontime: 'arrival',
  disconnecttime: 'departure',
  kwhrequested: 'requestedenergy(kwh)',
  kwhdelivered: 'deliveredenergy(kwh)',
};

/**
 * Finds the columns of a file, and what is between its fields.
 *
 * @param header - the first line that is not blank; undefined when there is none
 * @param source - `unit`: of energies whose column does not name one; `file`, `encoding`: for messages
 * @throws DayError SESSION_COLUMN_MISSING, SESSION_COLUMN_REPEATED, SESSION_UNIT
 */
export function findColumns(
  header: TextLine | undefined,
  source: { readonly file: string; readonly encoding: string; readonly unit?: EnergyUnit | undefined },
): Columns {
  const { line, text } = header ?? { line: 1, text: '' };
  const place = `${source.file}:${line.toString()}`;
  const { delimiter, fields } = bestDelimiter(text);
  const names = fields.map(comparableName);
  const missing = columnNames.filter((name) => !names.some((found) => matches(found, name)));
  if (missing.length > 0) {
    throw new DayError(
      'SESSION_COLUMN_MISSING',
      `${place}: no column ${missing.join(', ')}`,
      `Read as ${source.encoding} with ${delimiter} between fields, the first line names ${shownNames(fields)}; ` +
        `name ${columnNames.join(', ')} there, the energies with (kWh) or (Wh).`,
    );
  }
  const indexOf = (name: Column): number => {
    const [index = -1, second] = names.flatMap((found, at) => (matches(found, name) ? [at] : []));
    if (second === undefined) return index;
    throw new DayError(
      'SESSION_COLUMN_REPEATED',
      `${place}: ${shownNames([fields[index] ?? '', fields[second] ?? ''])} both mean ${name}`,
      'Remove one of them.',
    );
  };
  const index = {
    arrival: indexOf('arrival'),
    departure: indexOf('departure'),
    requested_energy: indexOf('requested_energy'),
    delivered_energy: indexOf('delivered_energy'),
    station_id: indexOf('station_id'),
    session_id: indexOf('session_id'),
  };
  const unit = {
    requested_energy: unitOf(fields[index.requested_energy] ?? '', place, source.unit),
    delivered_energy: unitOf(fields[index.delivered_energy] ?? '', place, source.unit),
  };
  return { delimiter, count: fields.length, index, unit };
}

/** Names of columns hold no delimiters, so the right one finds the most columns, and splits into the most fields. */
function bestDelimiter(text: string): { readonly delimiter: DelimiterName; readonly fields: readonly string[] } {
  const [best = { delimiter: 'commas' as const, fields: [] }] = (Object.keys(delimiters) as DelimiterName[])
    .map((delimiter) => ({ delimiter, fields: splitLine(text, delimiter) ?? [] }))
    .sort((a, b) => foundIn(b.fields) - foundIn(a.fields) || b.fields.length - a.fields.length);
  return best;
}

function foundIn(fields: readonly string[]): number {
  const names = fields.map(comparableName);
  return columnNames.filter((name) => names.some((found) => matches(found, name))).length;
}

function comparableName(field: string): string {
  const name = field.toLowerCase().replace(/[\s_-]/g, '');
  return otherNames[name] ?? name;
}

function matches(comparable: string, column: Column): boolean {
  const name = column.replace('_', '');
  return comparable === name || (column.endsWith('_energy') && energyName(comparable)?.name === name);
}

/** `requested_energy (kWh)`, `requested_energy_kwh`, `Requested Energy [kWh]` and the like. */
function energyName(comparable: string): { readonly name: string; readonly unit: string } | undefined {
  const match = /^((?:requested|delivered)energy)(?:\(([^)]+)\)|\[([^\]]+)\]|([a-z]?wh))?$/.exec(comparable);
  if (match === null) return undefined;
  const [, name = '', round, square, bare = ''] = match;
  return { name, unit: round ?? square ?? bare };
}

function unitOf(field: string, place: string, said: EnergyUnit | undefined): EnergyUnit {
  const named = energyName(comparableName(field))?.unit ?? '';
  const unit = named === '' ? said : energyUnits.find((known) => known.toLowerCase() === named);
  if (unit !== undefined && (said ?? unit) === unit) return unit;
  const what =
    named === ''
      ? 'names no unit'
      : unit === undefined
        ? 'is in a unit that is not read'
        : `is not in ${said ?? ''} as --energy-unit says`;
  throw new DayError(
    'SESSION_UNIT',
    `${place}: the column ${JSON.stringify(field)} ${what}`,
    'Name it as "delivered_energy (kWh)" or "(Wh)", or say --energy-unit.',
  );
}

function shownNames(fields: readonly string[]): string {
  const shown = fields.slice(0, 20).map((field) => JSON.stringify(field.slice(0, 40)));
  return shown.length === 0 ? 'nothing' : shown.join(', ') + (fields.length > 20 ? ', ...' : '');
}
