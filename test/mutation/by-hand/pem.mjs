// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/x509/pem.ts';
export const tests = [
  'chaincode/protocol/src/x509/read-certificate.test.ts',
  'chaincode/protocol/src/x509/vectors.test.ts',
];
export const changes = [
  [`if (encodePem(bytes) !== (pem.endsWith`, `if (false && encodePem(bytes) !== (pem.endsWith`, 'PEM has one form'],
  [`pem.length > maximumCharacters ? undefined :`, ``, 'PEM is bounded'],
];
