// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/spv/block-data.ts';
export const tests = ['chaincode/protocol/src/spv/block-proof.test.ts'];
export const changes = [
  ["if (hash.digest('hex') !== dataHash) throw", 'if (false as boolean) throw', 'envelopes are the data of the header'],
  ["if (index >= 0) throw new Refused({ code: 'ENVELOPE_MALFORMED', index });", '', 'each is one envelope'],
  ['length.value === 0 || ', '', 'neither part of an envelope is empty'],
  [' || !length.isShortest', '', 'lengths are in their shortest spelling'],
  ['if (bytes[start] !== tag) return undefined;', '', 'payload and signature are in their order'],
  ['number === 0 || (open', '(open', 'no field has the number 0'],
  ['open.length === 0 && number <= 2 && wireType === 2', 'number <= 2 && wireType === 2', 'a group may hold any field'],
  ['number <= 2 && wireType === 2', 'number <= 1 && wireType === 2', 'a signature is there once'],
  ['number <= 2 && wireType === 2', 'number === 2 && wireType === 2', 'a payload is there once'],
  ['number <= 2 && wireType === 2', 'number <= 2', 'a number is no payload'],
  ['if (wireType === 3) open.push(number);', '', 'a group ends'],
  [
    'return wireType !== 4 || open.pop() === number;',
    'return wireType !== 4 || open.pop() !== undefined;',
    'a group ends by its own number',
  ],
  ['} while (end !== undefined && open.length > 0);', '} while (false as boolean);', 'a group is read to its end'],
  [
    'if (wireType === 1) return within(bytes, start + 8);',
    'if (wireType === 1) return within(bytes, start + 4);',
    'a field of eight bytes has eight',
  ],
  ['if (wireType === 5) return within(bytes, start + 4);', '', 'a field of four bytes is one'],
];
