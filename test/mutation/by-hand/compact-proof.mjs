// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/proof/compact-proof.ts';
export const tests = ['chaincode/protocol/src/proof/compact-proof.test.ts'];
export const changes = [
  [
    `if (!isResponseAt(bytes, head.length, bytes.length - tail.length)) {`,
    `if (false as boolean) {`,
    'the batch lies where the answer lies',
  ],
  [`answer.start === start && answer.end === end`, `answer.start === start`, 'the batch ends where the answer ends'],
  [`answer.start === start && answer.end === end`, `answer.end === end`, 'the batch begins where the answer begins'],
  [
    `if (!endorserOf(compact).equals(bytes)) throw`,
    `if (false as boolean) throw`,
    'an endorser is put together to the same bytes',
  ],
];
