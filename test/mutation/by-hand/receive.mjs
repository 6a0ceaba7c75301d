// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/packets/receive.ts';
export const tests = [
  'chaincode/peg/src/domain/packets/receive.test.ts',
  'chaincode/peg/src/domain/packets/receive-mixed.test.ts',
];
export const changes = [
  [`if (missing !== undefined) return`, `if (false as boolean) return`, 'an entry needs enough evidence'],
  [`if (done.has(packet.id)) return`, `if (false as boolean) return`, 'a packet is received once'],
  [`      done.add(packet.id);\n`, ``, 'a packet is received once in a batch'],
  [`if (!consistent(packet, batch)) return`, `if (false as boolean) return`, 'a packet fits its batch'],
  [`    packet.laneId === batch.laneId &&\n`, ``, 'a packet is of the lane of its batch'],
  [`    packet.sourceChainId === batch.sourceChainId &&\n`, ``, 'a packet is of the source of its batch'],
  [
    `    packet.destinationChainId === batch.destinationChainId &&\n`,
    ``,
    'a packet is for the destination of its batch',
  ],
  [
    `packet.id === packetIdOf(packet.sourceChainId, packet.txId, packet.index)`,
    `true`,
    'a packet id is that of its source, transaction and index',
  ],
  [
    `if (refusal !== undefined) return { result: 'refused'`,
    `if (false as boolean) return { result: 'refused'`,
    'what a rule forbids is refused',
  ],
  [
    `if (transaction.timeMs >= packet.deadlineMs) return`,
    `if (transaction.timeMs > packet.deadlineMs) return`,
    'a packet is refused from its deadline on',
  ],
  [`packet.label.path.length === 0 && !isHome(packet)`, `false as boolean`, 'a source only mints assets of its own'],
  [`return label.home === sourceChainId && asset`, `return asset`, 'the home of an asset is its source, by its label'],
  [
    `label.home === sourceChainId && asset.startsWith(\`\${channelOf(sourceChainId)}/\`)`,
    `label.home === sourceChainId`,
    'the home of an asset is its source, by its name',
  ],
  [
    `return back ? undefined : { code: 'RETIREMENT_NOT_AWAY' }`,
    `return undefined`,
    'a retirement that does not unwind is refused',
  ],
  [
    `if (!pool.take({ ...packet, label })) return { result: 'skipped', code: 'ESCROW_NOT_NAMED' };\n  if (arrival`,
    `pool.take({ ...packet, label });\n  if (arrival`,
    'a retirement ends escrow',
  ],
  [
    `packetHash, laneId: lane.id, outcome, code, txId: transaction.txId }`,
    `packetHash, laneId: lane.id, outcome: 'received', code, txId: transaction.txId }`,
    'a receipt says what came out',
  ],
];
