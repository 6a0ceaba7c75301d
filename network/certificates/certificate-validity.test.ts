// SPDX-License-Identifier: Apache-2.0

import { isDue, judgeCertificate, readValidity, type Validity } from './certificate-validity';

const dayMs = 86_400_000;
const start = new Date('2026-01-01T00:00:00Z');
const after = (days: number): Date => new Date(start.getTime() + days * dayMs);
const year: Validity = { notBefore: start, notAfter: after(365) };
const hour: Validity = { notBefore: start, notAfter: after(1 / 24) };

test.each([
  ['just issued', year, 0, 'valid'],
  ['a little more than the window before its end', year, 334.9, 'valid'],
  ['the window before its end', year, 335, 'due'],
  ['its last moment', year, 364.9999, 'due'],
  ['its end', year, 365, 'expired'],
  ['long after', year, 4000, 'expired'],
  ['one of an hour, after half an hour', hour, 0.5 / 24, 'valid'],
  ['one of an hour, after two thirds of it', hour, 0.67 / 24, 'due'],
  ['one of an hour, after it', hour, 1 / 24, 'expired'],
] as const)('a certificate is judged at %s', (_when, validity, days, state) => {
  expect(judgeCertificate(validity, after(days))).toBe(state);
});

test('a wider window makes certificates due earlier, but none before two thirds of its life', () => {
  expect(isDue(year, after(250), 120)).toBe(true);
  expect(isDue(year, after(250), 100)).toBe(false);
  expect(isDue(year, after(240), 1000)).toBe(false);
});

test('what is no certificate has no validity', () => {
  expect(readValidity('')).toBeUndefined();
  expect(readValidity('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')).toBeUndefined();
});
