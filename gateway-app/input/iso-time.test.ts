// SPDX-License-Identifier: Apache-2.0

import { parseInstant, parseIsoDate } from './iso-time';

const notDates = [
  ...['2019-02-29', '2019-02-30', '2019-04-31', '2019-13-01', '2019-00-10', '2019-05-00', '1900-02-29', '2019-05-32'],
  ...['0000-05-16', '0099-05-16', '10000-01-01', '-2019-05-16', '2019-5-16', '16.05.2019', '2019-05-16 ', '', 'x'],
];

describe('parseIsoDate', () => {
  test.each(['2019-05-16', '2020-02-29', '2000-02-29', '0100-01-01', '9999-12-31'])('reads %s', (text) => {
    expect(parseIsoDate(text)).toBe(
      Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, Number(text.slice(8))),
    );
  });

  test.each(notDates)('refuses %p, which is no date', (text) => {
    expect(parseIsoDate(text)).toBeUndefined();
  });
});

describe('parseInstant', () => {
  test.each([
    ['2019-05-16 04:40:11-07:00', Date.UTC(2019, 4, 16, 11, 40, 11), '2019-05-16'],
    ['2019-05-16T23:59:59.5Z', Date.UTC(2019, 4, 16, 23, 59, 59, 500), '2019-05-16'],
    ['2019-05-16 00:10:00.123456789+0530', Date.UTC(2019, 4, 15, 18, 40, 0, 123), '2019-05-16'],
    ['2019-05-16 00:00:00+14:00', Date.UTC(2019, 4, 15, 10), '2019-05-16'],
    ['Thu, 16 May 2019 11:40:11 GMT', Date.UTC(2019, 4, 16, 11, 40, 11), '2019-05-16'],
  ])('reads %s with the date where it was written', (text, milliseconds, date) => {
    expect(parseInstant(text)).toEqual({ milliseconds, date });
  });

  test.each([
    ...notDates.map((date) => `${date} 10:00:00Z`),
    ...['2019-05-16T24:00:00Z', '2019-05-16T10:60:00Z', '2019-05-16T10:00:60Z', '2019-05-16T10:00Z'],
    ...['2019-05-16T10:00:00', '2019-05-16T10:00:00+14:01', '2019-05-16T10:00:00+01:60', '2019-05-16T10:00:00+1'],
    ...['2019-05-16T10:00:00.Z', '2019-05-16T10:00:00.1234567890Z', ' 2019-05-16T10:00:00Z', '1557990011'],
    ...['Wed, 16 May 2019 11:40:11 GMT', 'Thu, 31 Apr 2019 11:40:11 GMT', 'Thu, 16 Foo 2019 11:40:11 GMT'],
    'Thu, 16 May 2019 11:40:11 PST',
  ])('refuses %p, which is no instant', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});
