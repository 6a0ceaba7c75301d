// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/governance/committee.ts';
export const tests = ['chaincode/protocol/src/governance/committee.test.ts', 'chaincode/protocol/src/vectors.test.ts'];
export const changes = [
  [`if (!allDistinct(notaries.map`, `if (false && !allDistinct(notaries.map`, 'an organization has one notary'],
  [`if (!allDistinct(keys))`, `if (false && !allDistinct(keys))`, 'a key is one notary'],
  [`if (!keys.every(isNotaryKey))`, `if (false && !keys.every(isNotaryKey))`, 'keys of a committee are on P-256'],
  [`threshold < 2 ||`, `threshold < 1 ||`, 'a threshold is at least 2'],
  [`threshold * 2 <= notaries.length`, `threshold * 2 < notaries.length`, 'a threshold is more than half'],
  [`|| threshold > notaries.length) {`, `) {`, 'a threshold is at most all notaries'],
];
