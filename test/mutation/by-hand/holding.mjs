// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/notes/holding.ts';
export const tests = ['chaincode/peg/src/domain/notes/notes.test.ts', 'chaincode/peg/src/domain/packets/send.test.ts'];
export const changes = [
  [`if (seen.has(note.id)) throw`, `if (false as boolean) throw`, 'a note is named once'],
  [`if (note.owner !== owner) throw`, `if (false as boolean) throw`, 'only the owner spends a note'],
  [`if (!sameClass(note, first)) throw`, `if (false as boolean) throw`, 'notes spent together are of one class'],
  [`sum(claims) + spentOtherwise`, `sum(claims)`, 'what is sent is taken from the notes'],
  [`if (asked > holding.total) {`, `if (false as boolean) {`, 'outputs do not exceed the notes'],
  [`change > 0n ?`, `false ?`, 'change comes back'],
  [`{ owner: call.caller, quantity: change`, `{ owner: call.caller, quantity: holding.total`, 'change is what is left'],
  [`if (quantity > limits.quantity)`, `if (quantity < 0n)`, 'a note has a greatest quantity'],
];
