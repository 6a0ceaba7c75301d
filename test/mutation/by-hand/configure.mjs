// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/governance/configure.ts';
export const tests = [
  'chaincode/peg/src/domain/governance/configure.test.ts',
  'chaincode/peg/src/domain/governance/configuration-rules.test.ts',
];
export const changes = [
  [
    `next.sequence === (previous?.sequence ?? 0) + 1`,
    `next.sequence > (previous?.sequence ?? 0)`,
    'a configuration goes up by one sequence',
  ],
  [`  unique(next.members, 'members');\n`, ``, 'a member is listed once'],
  [`  unique(\n    next.assets.map(({ id }) => id),\n    'assets',\n  );\n`, ``, 'an asset is listed once'],
  [`  unique(\n    next.chains.map(({ chainId }) => chainId),\n    'chains',\n  );\n`, ``, 'a chain is listed once'],
  [`  unique(\n    next.lanes.map(({ id }) => id),\n    'lanes',\n  );\n`, ``, 'a lane is listed once'],
  [`  if (previous !== undefined) checkKept(next, previous);\n`, ``, 'what was there is kept'],
  [`  for (const asset of next.assets) checkAsset(asset, next);\n`, ``, 'assets keep the rules'],
  [
    `next.chains.some(({ chainId }) => chainId === next.chainId),`,
    `true,`,
    'a configuration has a trust record of its own chain',
  ],
  [
    `  expect(next.urgentDelayMs <= next.delayMs, 'urgentDelayMs', 'at most delayMs');\n`,
    ``,
    'the urgent delay is at most the long one',
  ],
  [`next.urgentDelayMs <= next.delayMs`, `next.urgentDelayMs < next.delayMs`, 'both delays may be equal'],
  [`  for (const trust of next.chains) checkTrust(trust, suspended, previous);\n`, ``, 'trust records keep the rules'],
  [`checkTrust(trust, suspended, previous)`, `checkTrust(trust, suspended, undefined)`, 'a committee in force is kept'],
  [`  for (const lane of next.lanes) checkLane(lane, next, previous);\n`, ``, 'lanes keep the rules'],
  [
    `checkLane(lane, next, previous)`,
    `checkLane(lane, next, undefined)`,
    'a lane that is there need not be the only one',
  ],
  [`  checkUsed(next, previous);\n`, ``, 'a chain that comes in is used'],
  [`next.chainId === previous.chainId`, `true`, 'a chain stays the same'],
  [`next.assets.some(({ id }) => id === asset.id),`, `true,`, 'an asset is kept'],
  [`next.chains.some(({ chainId }) => chainId === chain.chainId),`, `true,`, 'a chain is kept'],
  [`kept?.sourceChainId === lane.sourceChainId &&`, `kept !== undefined &&`, 'a lane keeps its source'],
  [`kept.destinationChainId === lane.destinationChainId &&`, ``, 'a lane keeps its destination'],
  [` &&\n      kept.returnLaneId === lane.returnLaneId;`, `;`, 'a lane keeps its return lane'],
  [`Math.floor(members.length / 2) + 1`, `Math.ceil(members.length / 2)`, 'a majority is more than half'],
  [
    `if (previous !== undefined) throw new Refused({ code: 'ALREADY_CONFIGURED'`,
    `if (false as boolean) throw new Refused({ code: 'ALREADY_CONFIGURED'`,
    'there is one first configuration',
  ],
  [
    `next.members.every((member) => organizations.includes(member))`,
    `true`,
    'the first members are organizations of the channel',
  ],
  [
    `next.members.length >= majorityOf(organizations)`,
    `next.members.length >= majorityOf(organizations) - 1`,
    'the first members are more than half of the channel',
  ],
  [`  checkConfiguration(next, undefined, new Set());\n`, ``, 'the first configuration keeps the rules'],
  [`expect(all, 'members', 'organizations of the channel');`, ``, 'a member that comes in is of the channel'],
  [`[...previous.members, ...organizations]`, `organizations`, 'a member that the channel has lost stays'],
  [`[...previous.members, ...organizations]`, `previous.members`, 'an organization of the channel may come in'],
  [`approvals < required`, `approvals < required - 1`, 'the first configuration needs every approval'],
];
