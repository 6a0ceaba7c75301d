// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/codec/codec.ts';
export const tests = ['chaincode/protocol/src/codec/codec.test.ts', 'chaincode/protocol/src/vectors.test.ts'];
export const changes = [
  [`typeof value !== 'string' || !pattern.test(value)`, `typeof value !== 'string'`, 'a text matches its pattern'],
  [
    `if (word === undefined) throw malformed(field, words`,
    `if (value === undefined) throw malformed(field, words`,
    'a word is one of those allowed',
  ],
  [`!Number.isInteger(value) || value < minimum`, `value < minimum`, 'an integer is whole'],
  [`!Number.isInteger(value) || value < minimum ||`, `!Number.isInteger(value) ||`, 'an integer has a least value'],
  [`value < minimum || value > maximum) {`, `value < minimum) {`, 'an integer has a greatest value'],
  [
    `if (value !== number) throw malformed`,
    `if (value === undefined) throw malformed`,
    'a record has the version read',
  ],
  [`/^(0|[1-9][0-9]*)$/`, `/^[0-9]+$/`, 'a decimal has no leading zero'],
  [`if (number < minimum || number > maximum) throw`, `if (number > maximum) throw`, 'a decimal has a least value'],
  [`if (number < minimum || number > maximum) throw`, `if (number < minimum) throw`, 'a decimal has a greatest value'],
  [
    `typeof value !== 'string' || Buffer.from(value, 'base64').toString('base64') !== value`,
    `typeof value !== 'string'`,
    'base64 has one spelling',
  ],
  [`!Array.isArray(value) || value.length < minimum ||`, `!Array.isArray(value) ||`, 'a list has a least length'],
  [`value.length < minimum || value.length > maximum`, `value.length < minimum`, 'a list has a greatest length'],
  [`some((name) => !Object.hasOwn(fields, name))`, `some(() => false)`, 'a record has no other fields'],
  [`if (encode(codec, value) !== json) throw`, `if (false as boolean) throw`, 'a stored record has one spelling'],
  [`if (JSON.stringify(parsed) !== json) throw`, `if (false as boolean) throw`, 'a request names each field once'],
  [
    `typeof json !== 'string' || json.length > maximumLength`,
    `typeof json !== 'string'`,
    'a text has a greatest length',
  ],
];
