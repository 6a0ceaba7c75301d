// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/custody/notary-key.ts';
export const tests = [
  'chaincode/protocol/src/custody/certificate.test.ts',
  'chaincode/protocol/src/custody/certificate-vectors.test.ts',
];
export const changes = [
  [`if (stranger !== undefined) throw`, `if (false as boolean) throw`, 'a stranger is no notary'],
  [`if (repeated !== undefined) throw`, `if (false as boolean) throw`, 'a notary counts once'],
  [`signatures.filter(({ notary }) => !out.has(notary))`, `signatures`, 'a suspended key does not count'],
  [`if (counted.length < threshold) {`, `if (counted.length < 1) {`, 'a certificate has the threshold'],
  [
    `if (counted.length < threshold) {`,
    `if (signatures.length < threshold) {`,
    'only signatures that count make the threshold',
  ],
  [`if (!isSignedBy(signature, bytes, notaries)) {`, `if (false as boolean) {`, 'each notary signed the digest'],
  [
    `notaries.find(({ mspId }) => mspId === notary)?.publicKey`,
    `notaries[0]?.publicKey`,
    'a notary signs with its own key',
  ],
];
