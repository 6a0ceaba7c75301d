// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/x509/public-key.ts';
export const tests = ['chaincode/protocol/src/x509/public-key.test.ts'];
export const changes = [
  [`spki.length === prefix.length + 2 * coordinateBytes && spki`, `spki`, 'a key has one length'],
  [`&& spki.subarray(0, prefix.length).equals(prefix),`, `,`, 'a key names its curve'],
  [
    `curve !== undefined && isOnCurve(spki.subarray(curve.prefix.length), curve) ?`,
    `curve !== undefined ?`,
    'a key is on its curve',
  ],
  [`return x < prime && y < prime &&`, `return y < prime &&`, 'a coordinate is below the prime'],
  [
    `if (curveOfPublicKey(spki) === undefined) throw`,
    `if (false as boolean) throw`,
    'a native parser sees good keys only',
  ],
];
