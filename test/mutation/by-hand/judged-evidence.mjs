// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/contract/judged-evidence.ts';
export const tests = [
  'chaincode/peg/src/evidence-contract.test.ts',
  'chaincode/peg/src/governance-in-flight.test.ts',
  'chaincode/peg/src/former-trust.test.ts',
];
export const changes = [
  [`...former.map(({ trust }) => trust)`, ``, 'evidence is judged under former trust records'],
  [
    `unexpiredTrust(await governance.formerTrust([sourceChainId]), timeMs)`,
    `await governance.formerTrust([sourceChainId])`,
    'a former trust record whose time is over accepts nothing',
  ],
  [
    `unexpiredTrust(await governance.formerTrust([sourceChainId]), timeMs)`,
    `unexpiredTrust(await governance.formerTrust([sourceChainId]), timeMs).slice(-1)`,
    'evidence is judged under each former trust record',
  ],
  [
    `governance.formerTrust([sourceChainId])`,
    `governance.formerTrust((await governance.configurationInForce()).chains.map(({ chainId }) => chainId))`,
    'evidence is judged under former trust records of its chain',
  ],
  [`(await ledgers.governance.notaries([publicKey])).get(publicKey)`, `undefined`, 'the record of the key is read'],
  [
    `const epochs = statements.map(({ epoch }) => epoch);`,
    `const epochs: number[] = [];`,
    'a notary answers for an epoch that is over',
  ],
  [
    `? { epochs: [proven.epoch], publicKeys`,
    `? { epochs: [], publicKeys`,
    'an absence is judged in an epoch that is over',
  ],
  [`governance.notaries(publicKeys),`, `governance.notaries([]),`, 'the records of the keys that signed are read'],
  [`    governance.evidence(proven),\n`, `    undefined,\n`, 'what was proven before is read'],
  [
    `flatMap(({ id, returnLaneId }) => [id, returnLaneId])`,
    `flatMap(({ returnLaneId }) => [returnLaneId])`,
    'the status of lanes that evidence names are read',
  ],
  [
    `flatMap(({ id, returnLaneId }) => [id, returnLaneId])`,
    `flatMap(({ id }) => [id])`,
    'the status of their return lanes are read',
  ],
  [`inForce?.epoch === epoch ? inForce : past.get(epoch)`, `inForce`, 'a committee answers for its own epoch'],
  [`inForce?.epoch === epoch ? inForce : past.get(epoch)`, `past.get(epoch)`, 'the committee in force answers'],
];
