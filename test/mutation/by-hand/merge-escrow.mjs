// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/packets/merge-escrow.ts';
export const tests = ['chaincode/peg/src/domain/packets/merge-escrow.test.ts'];
export const changes = [
  [`if (seen.has(escrowId)) throw`, `if (false as boolean) throw`, 'an escrow note is merged once'],
  [`if (note === undefined) throw`, `if (false as boolean) throw`, 'escrow that is merged is there'],
  [
    `{ ...first, id: escrowIdOf(call.txId, 0), quantity }`,
    `{ ...first, id: escrowIdOf(call.txId, 0) }`,
    'a merge keeps the sum',
  ],
  [`if (other !== undefined) throw`, `if (false as boolean) throw`, 'only escrow of one asset and label is merged'],
  [`quantity > limits.quantity`, `quantity > limits.quantity + 1n`, 'a merged note is within the bound'],
  [`spentEscrow: notes, escrow`, `spentEscrow: notes.slice(1), escrow`, 'what is merged is consumed'],
];
