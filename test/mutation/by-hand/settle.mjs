// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/packets/settle.ts';
export const tests = ['chaincode/peg/src/domain/packets/settle.test.ts'];
export const changes = [
  [`if (missing !== undefined) return`, `if (false as boolean) return`, 'an entry needs enough evidence'],
  [`if (done.has(packetId)) return`, `if (false as boolean) return`, 'a packet is settled once'],
  [`    done.add(packetId);\n`, ``, 'a packet is settled once in a batch'],
  [`receipt.laneId !== lane.id || packet.laneId`, `packet.laneId`, 'a receipt is of the lane'],
  [`packet.laneId !== lane.id || receipt.packetHash`, `receipt.packetHash`, 'a packet is of the lane'],
  [`|| receipt.packetHash !== packetHashOf(packet)) {`, `) {`, 'a receipt is of that very packet'],
  [
    `if (receipt.outcome === 'received') return`,
    `if (receipt.outcome !== 'received') return`,
    'only a refusal is refunded',
  ],
  [
    `if (!burnt && !pool.take(packet)) return`,
    `if (!burnt && pool.take(packet) && false) return`,
    'a refund comes out of escrow',
  ],
  [`const { sender: owner, asset`, `const { recipient: owner, asset`, 'a refund goes to the sender'],
];
