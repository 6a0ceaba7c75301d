// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/governance/rotate.ts';
export const tests = [
  'chaincode/peg/src/domain/governance/rotate.test.ts',
  'chaincode/peg/src/governance-proposals.test.ts',
  'chaincode/peg/src/governance-in-flight.test.ts',
];
export const changes = [
  [
    `committees.find((committee) => committeeHashOf(committee) === previous)`,
    `committees.find(() => true)`,
    'a committee in force hands over',
  ],
  [
    `if (committees.some((committee) => committeeHashOf(committee) === nextHash)) return undefined;`,
    ``,
    'a rotation once more is done already',
  ],
  [
    `if (committees.some((committee) => committeeHashOf(committee) === nextHash)) return undefined;`,
    `return undefined;`,
    'a rotation of no committee in force is stale',
  ],
  [
    `  verifyRotation(rotation, handsOver, suspendedAmong(known));\n`,
    ``,
    'a rotation is signed by the committee that hands over',
  ],
  [`suspendedAmong(known)`, `new Set()`, 'suspended keys neither hand over nor take over'],
  [
    `    ({ committee }) => committeeHashOf(committee) === previous,\n`,
    `    () => true,\n`,
    'a rotation concerns the records with that committee',
  ],
  [`configured(rotated, known, txId)`, `configured(rotated, new Map(), txId)`, 'a suspension outlives a rotation'],
  [`pastCommittees: replacedBy(rotated, configuration)`, `pastCommittees: []`, 'the committee that was is remembered'],
];
