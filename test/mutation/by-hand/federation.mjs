// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/custody/verify-federation.ts';
export const tests = [
  'chaincode/protocol/src/custody/certificate-vectors.test.ts',
  'chaincode/peg/src/domain/custody/accept.test.ts',
];
export const changes = [
  [
    `  verifySigned(batch, signedEvidenceOf(certificate), trust.committee, trust, suspended);\n`,
    ``,
    'notaries are asked for',
  ],
  [`trust.committee, trust, suspended)`, `trust.committee, trust, new Set())`, 'suspended keys are left out'],
  [
    `encodeBatch(certificate.batch) !== encodeBatch(batch)`,
    `(false as boolean)`,
    'the batch beside the proof is the one that peers signed',
  ],
];
