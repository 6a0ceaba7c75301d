// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/x509/validity.ts';
export const tests = [
  'chaincode/protocol/src/x509/read-certificate.test.ts',
  'chaincode/protocol/src/x509/vectors.test.ts',
];
export const changes = [
  [`|| extra !== undefined) throw`, `) throw`, 'a validity has two times'],
  [`if (tag === generalizedTime && year < 2050) throw`, `if (false as boolean) throw`, 'a time has one form'],
  [`!isDate(year, month, day) || !isTimeOfDay`, `!isTimeOfDay`, 'a day is one of the calendar'],
  [`hour < 24 && minute < 60 && second < 60`, `hour <= 24 && minute <= 60 && second <= 60`, 'a time is one of the day'],
  [`written < 50 ? 2000 : 1900`, `2000`, 'a year before 2000 is one'],
  [`(\\d\\d)Z$/],\n  [generalizedTime`, `(\\d\\d)Z?$/],\n  [generalizedTime`, 'a time ends with Z'],
];
