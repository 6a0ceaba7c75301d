// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/x509/extensions.ts';
export const tests = [
  'chaincode/protocol/src/x509/read-certificate.test.ts',
  'chaincode/protocol/src/x509/vectors.test.ts',
];
export const changes = [
  [`extensions.length === 0 || values.size`, `values.size`, 'extensions are not empty'],
  [`|| values.size !== extensions.length) throw`, `) throw`, 'an extension is there once'],
  [`if (unknown !== undefined) throw`, `if (false as boolean) throw`, 'an unknown critical extension is refused'],
  [`|| elements.length > 3) {`, `) {`, 'an extension has three parts'],
  [`if (critical && !isTrue(second)) throw`, `if (false as boolean) throw`, 'criticality is TRUE'],
  [`element?.tag === 0x01 && element.content.equals(derTrue)`, `element?.tag === 0x01`, 'TRUE has one spelling'],
  [
    `if (!isTrue(authority) || extra !== undefined) throw`,
    `if (!isTrue(authority)) throw`,
    'basic constraints have two parts',
  ],
  [`if (!isTrue(authority) || extra !== undefined) throw`, `if (extra !== undefined) throw`, 'a CA is TRUE'],
  [`if (!isLowestBit || third`, `if (third`, 'a key usage has no zero bits at its end'],
  [`(second & 0x7f) !== 0) throw`, `false) throw`, 'a key usage has nine bits'],
  [`(first & 0x80) !== 0, keyCertSign`, `(first & 0x40) !== 0, keyCertSign`, 'a digital signature is the first bit'],
];
