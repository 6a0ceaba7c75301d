// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/notes/retire.ts';
export const tests = ['chaincode/peg/src/domain/notes/notes.test.ts'];
export const changes = [
  [`if (label.path.length > 0) throw`, `if (false as boolean) throw`, 'value ends at home'],
  [`spentNotes: notes,`, `spentNotes: [],`, 'what ends is spent'],
  [
    `notesFrom(holding, [], request.quantity, call)`,
    `notesFrom(holding, [], 0n, call)`,
    'what ends does not come back',
  ],
  [
    `supply: [{ version: 1, kind: 'retired', asset, quantity: request.quantity, account: call.caller }],`,
    `supply: [],`,
    'what ends is recorded',
  ],
];
