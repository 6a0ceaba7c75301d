// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/contract/peg-contract.ts';
export const tests = [
  'chaincode/peg/src/peg-contract.test.ts',
  'chaincode/peg/src/value-contract.test.ts',
  'chaincode/peg/src/governance-in-flight.test.ts',
  'chaincode/peg/src/governance-proposals.test.ts',
];
export const changes = [
  [
    `if (ctx.stub.getChannelID() !== channelOf(chainId)) throw`,
    `if (false as boolean) throw`,
    'an export answers on the channel of its chain',
  ],
  [`[ledger.assetStatus(asset.id), ledger`, `[undefined, ledger`, 'the status of an asset is read'],
  [`ledger.assetUsage(asset.id, shard)]`, `undefined]`, 'what was issued is read'],
  [
    `await laneFor('send', request.laneId, ledger)`,
    `await laneFor('settle', request.laneId, ledger)`,
    'a paused lane sends nothing',
  ],
  [
    `await laneFor('settle', request.laneId, ledger)`,
    `await ledger.lane(request.laneId)`,
    'escrow of a frozen lane is not merged',
  ],
  [
    `await laneFor('settle', request.laneId, ledger)`,
    `await laneFor('send', request.laneId, ledger)`,
    'escrow of a paused lane is merged',
  ],
  [
    `this.#accept('packets', 'receive', request`,
    `this.#accept('packets', 'settle', request`,
    'a paused lane receives nothing',
  ],
  [
    `this.#accept('receipts', 'settle', request`,
    `this.#accept('receipts', 'receive', request`,
    'a paused lane settles',
  ],
  [`  checkLaneStatus(step, id, status);\n`, ``, 'the status of a lane is looked at'],
  [`await ledger.suspended(notaries)`, `new Set<string>()`, 'a suspended notary does not count'],
  [
    `ledger.usages(lane.id, windowClasses(batch, lane), shardOf(lane, facts.txId)),`,
    `[],`,
    'what a lane let in is read',
  ],
  [`page.entries.filter((note) => note.owner === owner)`, `page.entries`, 'a list shows the notes of its owner'],
];
