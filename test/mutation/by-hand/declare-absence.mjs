// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/evidence/declare-absence.ts';
export const tests = ['chaincode/peg/src/evidence-contract.test.ts'];
export const changes = [
  [
    `if (question.sourceChainId !== transaction.chainId) {`,
    `if (false as boolean) {`,
    'the chain that is asked answers',
  ],
  [`  verifyQuestion(question);\n`, ``, 'a question holds by its own bytes'],
  [
    `if (hashesOf(question, view).includes(entryHash)) throw`,
    `if (false as boolean) throw`,
    'what was committed is not denied',
  ],
  [`.includes(entryHash)) throw`, `.length > 0) throw`, 'what was committed otherwise is denied'],
  [
    `if (kind === 'packets') return (outbox?.packets ?? []).map(packetHashOf);`,
    `if (kind === 'packets') return [];`,
    'a packet that was sent is not denied',
  ],
  [`if (receipt === undefined) return [];`, `return [];`, 'a receipt that was given is not denied'],
];
