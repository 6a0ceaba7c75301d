// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/contract/organizations-of.ts';
export const tests = [
  'chaincode/peg/src/governance-contract.test.ts',
  'chaincode/peg/src/governance-proposals.test.ts',
];
export const changes = [
  [
    `if (own === undefined) throw`,
    `if (false as boolean) throw`,
    'a configuration has a trust record of its own chain',
  ],
  [
    `  if (status !== 200 || payload === undefined)\n    throw`,
    `  if (payload === undefined)\n    throw`,
    'the chaincode of this chain is defined',
  ],
];
