// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/custody/verify-by-signatures.ts';
export const tests = ['chaincode/peg/src/domain/custody/accept.test.ts'];
export const changes = [
  [`  checkSource(batch, trust);\n`, ``, 'a batch is of the trusted chain, and of the transactions asked for'],
  [
    `  verifySigned(batch, signedEvidenceOf(certificate), signers, trust, suspended);\n`,
    ``,
    'signatures are asked for',
  ],
  [`signers, trust, suspended)`, `signers, trust, new Set())`, 'suspended keys are left out'],
];
