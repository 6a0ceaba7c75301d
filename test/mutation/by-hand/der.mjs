// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/x509/der.ts';
export const tests = [
  'chaincode/protocol/src/x509/signature.test.ts',
  'chaincode/protocol/src/x509/read-certificate.test.ts',
  'chaincode/protocol/src/x509/vectors.test.ts',
];
export const changes = [
  [`if (end > bytes.length) throw`, `if (false as boolean) throw`, 'an element ends within its bytes'],
  [
    `if (found.map(({ tag }) => tag).join() !== tags.join()) throw`,
    `if (found.length < tags.length) throw`,
    'elements are those expected',
  ],
  [`first === undefined || first >= 0x80) throw`, `first === undefined) throw`, 'an integer is not negative'],
  [
    `if (first === 0 && second !== undefined && second < 0x80) throw`,
    `if (false as boolean) throw`,
    'an integer is minimal',
  ],
  [`if (length < 0x80 || length < 2 ** (8 * (size - 1))) throw`, `if (false as boolean) throw`, 'a length is minimal'],
  [`size === 0 || size > 4 || start`, `size > 4 || start`, 'a length is definite'],
];
