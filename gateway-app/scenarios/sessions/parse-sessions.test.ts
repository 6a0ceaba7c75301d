// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { maximumFileBytes } from './decode-text';
import { parseSessions, type DaySessions, type SessionSource } from './parse-sessions';

const header = 'arrival,departure,requested_energy (kWh),delivered_energy (kWh),station_id,session_id';
const good = '2019-05-16 04:40:11-07:00,2019-05-16 16:05:05-07:00,51.75,30.9,AG-1F11,s1';
/** Of another session at another station. */
const other = good.replace('s1', 's0').replace('AG-1F11', 'AG-1F12');
const source: SessionSource = { file: 'day.csv', nowMs: Date.UTC(2026, 0, 1) };
const parseText = (text: string, more: Partial<SessionSource> = {}): DaySessions =>
  parseSessions(Buffer.from(text), { ...source, ...more });
const parse = (...lines: readonly string[]): DaySessions => parseText([header, ...lines].join('\n'));
const sessionOfGood = {
  id: 's1',
  stationId: 'AG-1F11',
  arrivalMs: Date.UTC(2019, 4, 16, 11, 40, 11),
  departureMs: Date.UTC(2019, 4, 16, 23, 5, 5),
  requestedWh: 51750n,
  deliveredWh: 30900n,
};
const failure = (code: string): Error => expect.objectContaining({ code }) as Error;

describe('parseSessions', () => {
  test('reads the committed sample without a fault', () => {
    const file = join(__dirname, '..', '..', '..', 'data', 'acn-jpl-2019-05-16.csv');
    const day = parseSessions(readFileSync(file), source);
    expect(day).toMatchObject({ date: '2019-05-16', dates: ['2019-05-16'], faults: [] });
    expect(day.sessions).toHaveLength(79);
    expect(day.sessions.filter(({ requestedWh, deliveredWh }) => deliveredWh > requestedWh)).toHaveLength(5);
    expect(day.rounding).toEqual({ requestedWh: 0n, deliveredWh: 0n });
  });

  test('reads a session', () => {
    expect(parse(good).sessions).toEqual([sessionOfGood]);
  });

  test('sorts by arrival', () => {
    const early = other.replace('04:40', '03:00');
    expect(parse(good, early).sessions.map(({ id }) => id)).toEqual(['s0', 's1']);
  });

  test('takes the first day of a file unless another is named', () => {
    const next = good.replaceAll('05-16', '05-17').replace('s1', 's2');
    expect(parse(next, good)).toMatchObject({ date: '2019-05-16', dates: ['2019-05-16', '2019-05-17'] });
    const later = parseText([header, good, next].join('\n'), { date: '2019-05-17' });
    expect(later.sessions.map(({ id }) => id)).toEqual(['s2']);
  });

  test.each([
    ['no line that can be used', good.replace('s1', '')],
    ['nothing on that day', good],
  ])('ends with SESSIONS_NONE when there is %s', (_what, line) => {
    expect(() => parseText([header, line].join('\n'), { date: '2019-05-17' })).toThrow(failure('SESSIONS_NONE'));
  });

  test('takes a session that asked for nothing', () => {
    expect(parse(good.replace('51.75', '0.0')).sessions).toMatchObject([{ requestedWh: 0n, deliveredWh: 30900n }]);
  });

  test('says by how much rounding changes the sums', () => {
    const small = Array.from({ length: 79 }, (_, index) =>
      good.replace('30.9', '0.0015').replace('s1', `s${index.toString()}`).replace('1F11', `S${index.toString()}`),
    );
    expect(parse(...small).rounding).toEqual({ requestedWh: 0n, deliveredWh: 40n });
  });

  test.each([
    ['SESSION_FIELDS', 'a,b'],
    ['SESSION_FIELDS', `${good},more`],
    ['SESSION_QUOTE', good.replace('30.9', '"30"9.5')],
    ['SESSION_QUOTE', good.replace('AG-1F11', '"AG-1F11')],
    ['SESSION_QUOTE', good.replace('AG-1F11', 'AG"1F11')],
    ['SESSION_TIME', good.replace('2019-05-16 04:40:11-07:00', 'yesterday')],
    ['SESSION_TIME', good.replace('2019-05-16 04:40:11-07:00', '2019-05-16 04:40:11')],
    ['SESSION_TIME', good.replace('2019-05-16 16:05:05-07:00', '2019-05-16 25:05:05-07:00')],
    ['SESSION_TIME', good.replaceAll('2019-05-16', '2019-02-30')],
    ['SESSION_DEPARTURE', good.replace('2019-05-16 16:05:05-07:00', '2019-05-16 03:05:05-07:00')],
    ['SESSION_DEPARTURE', good.replace('2019-05-16 16:05:05-07:00', '2019-05-16 04:40:11-07:00')],
    ['SESSION_TOO_LONG', good.replace('2019-05-16 16', '2020-05-16 16')],
    ['SESSION_TIME_IMPLAUSIBLE', good.replace('2019-05-16 16', '2027-05-16 16')],
    ['SESSION_ENERGY', good.replace('51.75', '-51.75')],
    ['SESSION_ENERGY', good.replace('30.9', '')],
    ['SESSION_ENERGY', good.replace('30.9', '"30,9"')],
    ['SESSION_ENERGY_TOO_LARGE', good.replace('51.75', '51750')],
    ['SESSION_ENERGY_TOO_LARGE', good.replace('30.9', '12812')],
    ['SESSION_POWER', good.replace('16:05:05', '04:43:11').replace('30.9', '40')],
    ['SESSION_ID', good.replace('s1', '')],
    ['SESSION_ID', good.replace('s1', 'é')],
    ['SESSION_STATION', good.replace('AG-1F11', '')],
    ['SESSION_REPEATED', good.replace('s1', 's0')],
    ['SESSION_OVERLAP', other.replace('s0', 's2').replace('04:40:11', '16:05:04').replace('16:05:05', '17:00:00')],
  ])('leaves out a line with %s and goes on: %s', (code, broken) => {
    const day = parse(other, broken, good);
    expect(day.sessions.map(({ id }) => id).sort()).toEqual(['s0', 's1']);
    expect(day.faults).toMatchObject([{ code, file: 'day.csv', line: 3 }]);
    expect(day.faults[0]!.message).toMatch(/\. [A-Z].*\.$/);
  });

  test.each(['1970-01-01', '2000-01-01'])('a clock that was reset to %s is no day of sessions', (date) => {
    const lines = [header, good, other.replaceAll('2019-05-16', date)];
    expect(() => parseText(lines.join('\n'), { date })).toThrow(/SESSION_TIME_IMPLAUSIBLE: the arrival is before 2010/);
    expect(parseText(lines.join('\n'), { date: '2019-05-16' }).sessions).toHaveLength(1);
  });

  test('a vehicle may come when another leaves, and a station may have been taken since the day before', () => {
    const next = good
      .replace('s1', 's2')
      .replace('04:40:11', '16:05:05')
      .replace('16:05:05-07:00,51', '17:05:05-07:00,51');
    expect(parse(good, next).faults).toEqual([]);
    const before = good.replace('s1', 's2').replace('2019-05-16 04', '2019-05-15 23');
    const day = parseText([header, before, good].join('\n').concat(`\n${other}`), { date: '2019-05-16' });
    expect(day.faults).toMatchObject([{ code: 'SESSION_OVERLAP', line: 3 }]);
  });

  test('says which days a file has when the one asked for is not there', () => {
    expect(() => parseText([header, good].join('\n'), { date: '2020-01-01' })).toThrow(
      'day.csv: no usable session on 2020-01-01. It has days from 2019-05-16 to 2019-05-16. ' +
        'Give another file or --date.',
    );
  });

  test('says what is wrong with the first line when none can be used', () => {
    expect(() => parse(good.replace('51.75', 'x'))).toThrow(
      /line 2: SESSION_ENERGY: requested_energy "x" is no energy/,
    );
  });
});

describe('a file that some other program wrote', () => {
  const text = [header, good, ''].join('\r\n');
  const commas = (line: string, delimiter: string): string => line.replaceAll(',', delimiter);
  const utf16be = (content: string): Buffer => Buffer.from(content, 'utf16le').swap16();
  test.each<readonly [what: string, bytes: Buffer | string]>([
    ['CR LF line ends', text],
    ['CR line ends', text.replaceAll('\r\n', '\r')],
    ['blank lines', `\n\n${text.replaceAll('\r\n', '\n \n')}`],
    ['a byte order mark', `\uFEFF${text}`],
    ['UTF-16 with a byte order mark', Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 without one', Buffer.from(text, 'utf16le')],
    ['big-endian UTF-16', utf16be(`\uFEFF${text}`)],
    ['big-endian UTF-16 without a mark', utf16be(text)],
    ['gzip', gzipSync(text)],
    ['gzip around UTF-16', gzipSync(Buffer.from(`\uFEFF${text}`, 'utf16le'))],
    ['semicolons', commas(text, ';')],
    ['tabs', commas(text, '\t')],
    ['vertical bars', commas(text, '|')],
    ['semicolons and decimal commas', commas(text, ';').replace('51.75', '51,75').replace('30.9', '30,9')],
    ['quoted decimal commas', text.replace('51.75', '"51,75"').replace('30.9', '"30,9"')],
    ['an index without a name, as pandas writes it', text.replace(header, `,${header}`).replace(good, `0,${good}`)],
    [
      'quotes around all',
      text.replace(
        good,
        good
          .split(',')
          .map((field) => `"${field}"`)
          .join(','),
      ),
    ],
    ['blanks around fields', text.replaceAll(',', ' , ')],
    ['capitals and blanks in names', text.replace(header, header.toUpperCase().replaceAll('_', ' '))],
    ['watt-hours', text.replaceAll('(kWh)', '(Wh)').replace('51.75', '51750').replace('30.9', '30900')],
    ['units behind an underscore', text.replaceAll(' (kWh)', '_kwh')],
    ['units in square brackets', text.replaceAll('(kWh)', '[kWh]')],
    [
      'the names and times of the ACN interface',
      'sessionID,connectionTime,disconnectTime,kWhRequested,kWhDelivered,stationID,userID\n' +
        's1,"Thu, 16 May 2019 11:40:11 GMT","Thu, 16 May 2019 23:05:05 GMT",51.75,30.9,AG-1F11,\n',
    ],
  ])('is read with %s', (_what, bytes) => {
    const day = parseSessions(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, source);
    expect(day).toMatchObject({ sessions: [sessionOfGood], faults: [] });
  });

  test('may have other columns, in another order, with quotes in them', () => {
    const mixed = [
      'session_id,note,delivered_energy (kWh),requested_energy (kWh),departure,arrival,station_id',
      '"s,""1""",x,1,2,2019-05-16T05:00:00Z,2019-05-16T04:00:00Z,A',
    ].join('\n');
    expect(parseText(mixed).sessions).toMatchObject([{ id: 's,"1"', requestedWh: 2000n, deliveredWh: 1000n }]);
  });

  test('may leave the unit to --energy-unit, which cannot contradict it', () => {
    const bare = text.replaceAll(' (kWh)', '');
    expect(parseText(bare, { unit: 'kWh' }).sessions).toEqual([sessionOfGood]);
    expect(parseText(bare.replace('51.75', '51750').replace('30.9', '30900'), { unit: 'Wh' }).sessions).toEqual([
      sessionOfGood,
    ]);
    expect(() => parseText(bare)).toThrow(failure('SESSION_UNIT'));
    expect(() => parseText(text, { unit: 'Wh' })).toThrow(/is not in Wh as --energy-unit says/);
    expect(() => parseText(text.replace('(kWh)', '(MWh)'))).toThrow(
      /"requested_energy \(MWh\)" is in a unit that is not/,
    );
  });

  test.each<readonly [code: string, what: string, bytes: Buffer | string, told: RegExp]>([
    [
      'SESSION_COLUMN_MISSING',
      'other columns',
      'time;energy\n1;2',
      /no column arrival, .*UTF-8 with semicolons .* "time", "energy"/,
    ],
    [
      'SESSION_COLUMN_MISSING',
      'UTF-16 in gzip',
      gzipSync(Buffer.from('a,b', 'utf16le')),
      /UTF-16LE in gzip with commas/,
    ],
    ['SESSION_COLUMN_MISSING', 'nothing', '', /names nothing/],
    ['SESSION_COLUMN_MISSING', 'no unit', header.replace('station_id', 'x'), /no column station_id\. /],
    [
      'SESSION_COLUMN_REPEATED',
      'a column twice',
      text.replace(header, `${header},Arrival`),
      /"arrival", "Arrival" both/,
    ],
    [
      'SESSION_COLUMN_REPEATED',
      'two units',
      text.replace('station_id', 'kWhDelivered,station_id'),
      /"kWhDelivered" both/,
    ],
    ['SESSIONS_ENCODING', 'Latin-1', Buffer.from(text.replace('AG-', 'Ä-'), 'latin1'), /was read as UTF-8/],
    ['SESSIONS_ENCODING', 'half a character', Buffer.from(`\uFEFF${text}`, 'utf16le').subarray(0, -1), /as UTF-16LE/],
    ['SESSIONS_ENCODING', 'zeros', `${text}\0`, /was read as UTF-8/],
    ['SESSIONS_ENCODING', 'a spreadsheet', Buffer.from('PK\u0003\u0004rest', 'latin1'), /ZIP archive or a spreadsheet/],
    ['SESSIONS_ENCODING', 'half a gzip file', gzipSync(text).subarray(0, 40), /cannot be unpacked/],
    ['SESSIONS_TOO_LARGE', 'too much in gzip', gzipSync(Buffer.alloc(maximumFileBytes + 1)), /holds more than 32 MiB/],
  ])('is refused with %s for %s, and told what was seen', (code, _what, bytes, told) => {
    const read = (): unknown => parseSessions(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, source);
    expect(read).toThrow(failure(code));
    expect(read).toThrow(told);
    expect(read).toThrow(/^day\.csv[^\n]+\. [^\n]+\.$/);
  });
});
