// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/standing.ts';
export const tests = ['chaincode/peg/src/domain/standing.test.ts'];
export const changes = [
  [
    `if (state === 'frozen') return`,
    `if (state === 'frozen' && step === 'send') return`,
    'a frozen lane receives and settles nothing',
  ],
  [
    `state === 'paused' && step !== 'settle'`,
    `state === 'paused' && step === 'send'`,
    'a paused lane receives nothing',
  ],
];
