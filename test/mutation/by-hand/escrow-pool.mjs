// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/packets/escrow-pool.ts';
export const tests = [
  'chaincode/peg/src/domain/packets/receive.test.ts',
  'chaincode/peg/src/domain/packets/receive-mixed.test.ts',
];
export const changes = [
  [
    `if (available < value.quantity) return false;`,
    `if (available === 0n) return false;`,
    'escrow pays out no more than it holds',
  ],
  [`    classEscrow.rest -= value.quantity;\n`, ``, 'escrow that was paid out is gone'],
  [`.filter(({ rest }) => rest > 0n)`, `.filter(() => false)`, 'change stays in escrow'],
  [`spentEscrow: classes.flatMap(({ opened }) => opened)`, `spentEscrow: []`, 'opened escrow is consumed'],
  [
    `const classEscrow = this.#classes.get(classOf(value));`,
    `const [classEscrow] = this.#classes.values();`,
    'escrow pays out its own class',
  ],
];
