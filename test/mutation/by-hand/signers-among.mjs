// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/custody/signers-among.ts';
export const tests = ['chaincode/peg/src/domain/custody/accept.test.ts', 'chaincode/peg/src/peg-contract.test.ts'];
export const changes = [
  [`notaries.filter(({ mspId }) => signers.has(mspId))`, `[]`, 'the status of signers is read'],
  [`.filter(({ mspId }) => signers.has(mspId))`, ``, 'the status of others is not read'],
];
