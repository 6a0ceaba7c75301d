// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/notes/recipient-refusal.ts';
export const tests = [
  'chaincode/peg/src/domain/notes/issue.test.ts',
  'chaincode/peg/src/domain/packets/receive-recipient.test.ts',
];
export const changes = [
  [`members.includes(mspOf(recipient))`, `(true as boolean)`, 'a recipient is of a member'],
  [
    `members.includes(mspOf(recipient))`,
    `members.some((member) => recipient.toLowerCase().startsWith(member.toLowerCase()))`,
    'a recipient is of a member by its whole name',
  ],
];
