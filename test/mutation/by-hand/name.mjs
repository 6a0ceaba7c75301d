// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/x509/name.ts';
export const tests = [
  'chaincode/protocol/src/x509/read-certificate.test.ts',
  'chaincode/protocol/src/x509/vectors.test.ts',
];
export const changes = [
  [`|| !isSorted(attributes)) throw`, `) throw`, 'a set is sorted'],
  [`set.tag !== 0x31 || attributes.length === 0`, `attributes.length === 0`, 'a name is made of sets'],
  [`tag === 0x0c && Buffer.from(text, 'utf8').equals(content)`, `tag === 0x0c`, 'a UTF8String is UTF-8'],
  [`|| string === undefined || extra !== undefined) {`, `|| string === undefined) {`, 'an attribute has two parts'],
  [`if (isString) return text;`, `return text;`, 'other types of strings are refused'],
  [`|| !isMinimal) {`, `) {`, 'an object identifier is minimal'],
];
