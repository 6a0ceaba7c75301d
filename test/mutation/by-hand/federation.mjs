// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/custody/federation.ts';
export const tests = ['chaincode/peg/src/domain/custody/accept.test.ts', 'chaincode/peg/src/peg-contract.test.ts'];
export const changes = [
  [`    verifyQuorum(batch, epoch, signatures, trust, suspended);\n`, ``, 'notaries are asked for'],
  [`signatures, trust, suspended)`, `signatures, trust)`, 'suspended keys are left out'],
  [`committee.notaries.filter(({ mspId }) => signers.has(mspId))`, `[]`, 'the status of signers is read'],
  [`.filter(({ mspId }) => signers.has(mspId))`, ``, 'the status of others is not read'],
];
