// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/packets/send.ts';
export const tests = ['chaincode/peg/src/domain/packets/send.test.ts'];
export const changes = [
  [
    `if (lane.sourceChainId !== transaction.chainId) throw`,
    `if (false as boolean) throw`,
    'a lane starts on this chain',
  ],
  [`  checkDeadline(request, transaction);\n  for`, `  for`, 'a deadline is checked'],
  [`if (deadlineMs <= transaction.timeMs)`, `if (deadlineMs < transaction.timeMs)`, 'a deadline lies ahead'],
  [`if (deadlineMs > transaction.timeMs + limits.deadlineAheadMs) {`, `if (false as boolean) {`, 'a deadline is near'],
  [`if (refusal !== undefined) throw`, `if (false as boolean) throw`, 'a lane has rules'],
  [`output.kind === 'retirement' && !unwinds(holding.label, lane)`, `false as boolean`, 'a retirement only goes home'],
  [
    `notesFrom(holding, [], sum(request.outputs), transaction)`,
    `notesFrom(holding, [], 0n, transaction)`,
    'what is sent leaves the sender',
  ],
  [`unwinds(holding.label, lane) ? [] : packets.map`, `packets.map`, 'what is burnt is not escrowed as well'],
  [
    `recipient: retirement ? transaction.caller : output.recipient`,
    `recipient: output.recipient`,
    'a retirement names its sender',
  ],
  [`sender: transaction.caller`, `sender: output.recipient`, 'a packet names its sender'],
];
