// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/packets/lane-rules.ts';
export const tests = [
  'chaincode/peg/src/domain/packets/send.test.ts',
  'chaincode/peg/src/domain/packets/receive.test.ts',
];
export const changes = [
  [
    `if (!lane.assets.includes(transfer.asset)) return`,
    `if (false as boolean) return`,
    'a lane carries its assets only',
  ],
  [`if (transfer.quantity > lane.maximumQuantity) {`, `if (false as boolean) {`, 'a lane has a greatest quantity'],
  [
    `transfer.quantity > lane.maximumQuantity`,
    `transfer.quantity >= lane.maximumQuantity`,
    'a lane carries its greatest quantity',
  ],
  [`.path.length > limits.pathLength`, `.path.length > limits.pathLength + 1`, 'a path is at most 8 lanes long'],
];
