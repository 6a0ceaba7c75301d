// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/governance/rotation.ts';
export const tests = ['chaincode/protocol/src/governance/rotation.test.ts', 'chaincode/protocol/src/vectors.test.ts'];
export const changes = [
  [
    `previous !== committeeHashOf(committee) || next.epoch`,
    `next.epoch`,
    'a rotation names the committee that hands over',
  ],
  [`next.epoch !== committee.epoch + 1`, `next.epoch <= committee.epoch`, 'a rotation goes up by one epoch'],
  [`  checkCommittee(next, suspended);`, ``, 'the next committee is a quorum'],
  [
    `  verifyThreshold(signatures, () => rotationDigest(previous, next), committee, suspended);`,
    ``,
    'the threshold of the committee in force signs its rotation',
  ],
  [
    `rotationDigest(previous, next), committee, suspended)`,
    `rotationDigest(previous, next), committee, new Set())`,
    'a suspended key does not count for a rotation',
  ],
  [`const proof = possessions[index];`, `const proof = possessions[0];`, 'each notary proves its own key'],
  [
    `if (proof === undefined || !isSignedWith(`,
    `if (proof !== undefined && !isSignedWith(`,
    'each notary proves that it holds its key',
  ],
  [
    `hashBytes('gridpeg/v1/possession', previous, committeeHashOf(next), notary)`,
    `hashBytes('gridpeg/v1/possession', committeeHashOf(next), notary)`,
    'a possession is proven for this rotation',
  ],
  [
    `if (out !== undefined) throw new Refused({ code: 'NOTARY_SUSPENDED'`,
    `if (false as boolean) throw new Refused({ code: 'NOTARY_SUSPENDED'`,
    'the next committee names no suspended key',
  ],
];
