// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/ledger/state-store.ts';
export const tests = ['chaincode/peg/src/state-store.test.ts', 'chaincode/peg/src/peg-contract.test.ts'];
export const changes = [
  [
    `if (bytes === undefined) throw new Error(`,
    `if (false as boolean) throw new Error(`,
    'what the peer does not answer is not absent',
  ],
  [
    `  try {\n    decode(codec, text);\n  } catch`,
    `  try {\n    void codec;\n  } catch`,
    'what is stored can be read back',
  ],
];
