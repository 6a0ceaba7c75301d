// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/custody/federation.ts';
export const tests = ['chaincode/peg/src/domain/custody/accept.test.ts', 'chaincode/peg/src/peg-contract.test.ts'];
export const changes = [
  [
    `    verifyQuorum(batch, certificate.epoch, certificate.signatures, trust, suspended);\n`,
    ``,
    'notaries are asked for',
  ],
  [`certificate.signatures, trust, suspended)`, `certificate.signatures, trust)`, 'suspended keys are left out'],
];
