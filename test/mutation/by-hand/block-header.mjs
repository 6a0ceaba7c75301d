// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/spv/block-header.ts';
export const tests = ['chaincode/protocol/src/spv/block-header.test.ts'];
export const changes = [
  ['if (number > maximumBlockNumber) throw', 'if (false as boolean) throw', 'a number has 64 bits'],
  [
    'previous.content.length !== (number === 0n ? 0 : 32)',
    'previous.content.length !== 32',
    'block 0 has no hash before',
  ],
  [
    'previous.content.length !== (number === 0n ? 0 : 32)',
    'previous.content.length > 32',
    'other blocks have a hash before',
  ],
  ['if (data.content.length !== 32) throw', 'if (false as boolean) throw', 'a data hash has 32 bytes'],
  ['Number.parseInt(digits.slice(0, 2), 16) >= 0x80 ?', '(false as boolean) ?', 'a number is not negative'],
];
