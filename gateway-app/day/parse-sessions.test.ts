// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSessions } from './parse-sessions';

const header = 'arrival,departure,requested_energy (kWh),delivered_energy (kWh),station_id,session_id';
const good = '2019-05-16 04:40:11-07:00,2019-05-16 16:05:05-07:00,51.75,30.9,AG-1F11,s1';
const source = { file: 'day.csv', maximumWh: 1_000_000n };
const parse = (...lines: string[]): ReturnType<typeof parseSessions> =>
  parseSessions([header, ...lines].join('\n'), source);

describe('parseSessions', () => {
  test('reads the committed sample without a fault', () => {
    const file = join(__dirname, '..', '..', 'data', 'acn-jpl-2019-05-16.csv');
    const day = parseSessions(readFileSync(file, 'utf8'), source);
    expect(day).toMatchObject({ date: '2019-05-16', dates: ['2019-05-16'], faults: [] });
    expect(day.sessions).toHaveLength(79);
    expect(day.sessions.filter(({ requestedWh, deliveredWh }) => deliveredWh > requestedWh)).toHaveLength(5);
  });

  test('reads a session', () => {
    expect(parse(good).sessions).toEqual([
      {
        id: 's1',
        stationId: 'AG-1F11',
        arrivalMs: Date.UTC(2019, 4, 16, 11, 40, 11),
        departureMs: Date.UTC(2019, 4, 16, 23, 5, 5),
        requestedWh: 51750n,
        deliveredWh: 30900n,
      },
    ]);
  });

  test('takes other columns, another order, quotes, CRLF and a byte order mark', () => {
    const text = [
      '\uFEFFsession_id,note,delivered_energy,requested_energy,departure,arrival,station_id',
      '"s,""1""",x,1,2,2019-05-16T05:00:00Z,2019-05-16T04:00:00Z,A',
      '',
    ].join('\r\n');
    expect(parseSessions(text, source).sessions).toMatchObject([
      { id: 's,"1"', requestedWh: 2000n, deliveredWh: 1000n },
    ]);
  });

  test('sorts by arrival', () => {
    const early = good.replace('04:40', '03:00').replace('s1', 's2');
    expect(parse(good, early).sessions.map(({ id }) => id)).toEqual(['s2', 's1']);
  });

  test('takes the first day of a file unless another is named', () => {
    const next = good.replaceAll('05-16', '05-17').replace('s1', 's2');
    expect(parse(next, good)).toMatchObject({ date: '2019-05-16', dates: ['2019-05-16', '2019-05-17'] });
    const other = parseSessions([header, good, next].join('\n'), { ...source, date: '2019-05-17' });
    expect(other.sessions.map(({ id }) => id)).toEqual(['s2']);
  });

  test.each([
    ['no line that can be used', good.replace('s1', '')],
    ['nothing on that day', good],
  ])('ends with SESSIONS_NONE when there is %s', (_what, line) => {
    const read = (): unknown => parseSessions([header, line].join('\n'), { ...source, date: '2019-05-17' });
    expect(read).toThrow(expect.objectContaining({ code: 'SESSIONS_NONE' }) as Error);
  });

  test('takes a session that asked for nothing', () => {
    expect(parse(good.replace('51.75', '0.0')).sessions).toMatchObject([{ requestedWh: 0n, deliveredWh: 30900n }]);
  });

  test.each([
    ['SESSION_FIELDS', 'a,b'],
    ['SESSION_FIELDS', `${good},more`],
    ['SESSION_TIME', good.replace('2019-05-16 04:40:11-07:00', 'yesterday')],
    ['SESSION_TIME', good.replace('2019-05-16 16:05:05-07:00', '2019-05-16 03:05:05-07:00')],
    ['SESSION_TIME', good.replace('2019-05-16 16:05:05-07:00', '2019-05-16 25:05:05-07:00')],
    ['SESSION_ENERGY', good.replace('51.75', '-51.75')],
    ['SESSION_ENERGY', good.replace('30.9', '')],
    ['SESSION_ENERGY_TOO_LARGE', good.replace('51.75', '51750')],
    ['SESSION_ID', good.replace('s1', '')],
    ['SESSION_ID', good.replace('s1', 'é')],
    ['SESSION_REPEATED', good.replace('51.75', '1.0').replace('s1', 's0')],
  ])('leaves out a broken line with %s and goes on', (code, broken) => {
    const day = parse(good.replace('s1', 's0'), broken, good);
    expect(day.sessions.map(({ id }) => id)).toEqual(['s0', 's1']);
    expect(day.faults).toMatchObject([{ code, file: 'day.csv', line: 3 }]);
    expect(day.faults[0]!.message).toMatch(/\. [A-Z].*\.$/);
  });

  test('names the columns that are missing', () => {
    expect(() => parseSessions('arrival,departure\n', source)).toThrow(
      /day\.csv:1: no column requested_energy, delivered_energy, station_id, session_id/,
    );
  });

  test('says which days a file has when the one asked for is not there', () => {
    expect(() => parseSessions([header, good].join('\n'), { ...source, date: '2020-01-01' })).toThrow(
      'day.csv: no usable session on 2020-01-01. It has days from 2019-05-16 to 2019-05-16. Give another file or --date.',
    );
  });

  test('says what is wrong with the first line when none can be used', () => {
    expect(() => parse(good.replace('51.75', 'x'))).toThrow(/line 2: requested_energy "x" is no energy/);
  });
});
