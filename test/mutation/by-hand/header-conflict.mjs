// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/spv/header-conflict.ts';
export const tests = ['chaincode/protocol/src/spv/header-conflict.test.ts'];
export const changes = [
  [
    'if (one.number <= configuration.number) throw',
    'if (false as boolean) throw',
    'headers are younger than the configuration',
  ],
  ['if (one.number !== other.number) throw', 'if (false as boolean) throw', 'headers have one number'],
  ['if (hashes[0] === hashes[1]) throw', 'if (false as boolean) throw', 'there are two headers'],
  ['new Set(verifySignedBlock(first, configuration).signers)', "new Set(['1', '2', '3', '4'])", 'the first is signed'],
  ['.filter((signer) => signers.has(signer))', '', 'signers are those of both'],
];
