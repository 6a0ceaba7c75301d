// SPDX-License-Identifier: Apache-2.0
const file = 'chaincode/peg/src/domain/standing.ts';
const tests = ['chaincode/peg/src/domain/standing.test.ts'];

export const mutants = [
  {
    file,
    find: `if (state === 'frozen') throw`,
    replace: `if (state === 'frozen' && step === 'send') throw`,
    check: 'a frozen lane receives and settles nothing',
    tests,
  },
  {
    file,
    find: `state === 'paused' && step !== 'settle'`,
    replace: `state === 'paused' && step === 'send'`,
    check: 'a paused lane receives nothing',
    tests,
  },
];
