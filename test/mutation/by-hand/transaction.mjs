// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/transaction.ts';
export const tests = ['chaincode/peg/src/peg-contract.test.ts'];
export const changes = [
  [
    `timeMs > clockMs ? timeMs - clockMs : clockMs - timeMs`,
    `timeMs > clockMs ? timeMs - clockMs : 0n`,
    'a timestamp of the past is refused',
  ],
  [
    `timeMs > clockMs ? timeMs - clockMs : clockMs - timeMs`,
    `timeMs > clockMs ? 0n : clockMs - timeMs`,
    'a timestamp of the future is refused',
  ],
  [`BigInt(limits.skewSeconds) * 1000n)`, `BigInt(limits.skewSeconds) * 1_000_000n)`, 'the skew is bounded'],
];
