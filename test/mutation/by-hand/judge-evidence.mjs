// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/evidence/judge-evidence.ts';
export const tests = [
  'chaincode/peg/src/domain/evidence/judge-evidence.test.ts',
  'chaincode/peg/src/evidence-contract.test.ts',
  'chaincode/peg/src/custody-modes.test.ts',
];
export const changes = [
  [`if (notary === undefined) throw`, `if (false as boolean) throw`, 'a stranger is not accused'],
  [
    `.lanes.filter((signed) => hasServed(publicKey, signed, view))`,
    `.lanes`,
    'a key freezes lanes for which it signed in that epoch',
  ],
  [`.filter(({ id }) => !notary.lanes.includes(id))`, ``, 'a key freezes a lane once'],
  [
    `if (notary.state === 'suspended' && fresh.length === 0) return undefined;`,
    `if (notary.state === 'suspended') return undefined;`,
    'a key that is suspended freezes another lane',
  ],
  [
    `if (notary.state === 'suspended' && fresh.length === 0) return undefined;`,
    `if (fresh.length === 0) return undefined;`,
    'a liar is suspended where no lane is concerned',
  ],
  [`if (notary.state === 'suspended' && fresh.length === 0) return undefined;`, ``, 'old evidence changes nothing'],
  [`{ ...notary, state: 'suspended', lanes`, `{ ...notary, lanes`, 'a liar is suspended'],
  [
    `lanes: [...notary.lanes, ...fresh.map(({ id }) => id)]`,
    `lanes: notary.lanes`,
    'lanes that a key has frozen are remembered',
  ],
  [
    `lanes: [...notary.lanes, ...fresh.map(({ id }) => id)]`,
    `lanes: fresh.map(({ id }) => id)`,
    'lanes that a key froze before are remembered',
  ],
  [`if (mode !== 'custodian') return`, `if (true as boolean) return`, 'a custodian has served its lane'],
  [`custodianOf(lane.custody)?.publicKey === publicKey`, `true`, 'only the custodian of the lane has served it'],
  [`each.publicKey === publicKey) === true`, `each.publicKey !== '') === true`, 'a key of the committee has served'],
  [`lane?.sourceChainId === sourceChainId && lane.`, `lane?.`, 'a lane that evidence concerns has its source'],
  [
    `lane?.sourceChainId === sourceChainId && lane.destinationChainId === destinationChainId`,
    `lane?.sourceChainId === sourceChainId`,
    'a lane that evidence concerns has its destination',
  ],
  [`return [...new Set(concerned)];`, `return concerned;`, 'a lane is concerned once'],
  [
    `flatMap(({ id, returnLaneId }) => [id, returnLaneId])`,
    `flatMap(({ id }) => [id])`,
    'the return lane freezes as well',
  ],
  [`(laneStatuses.get(laneId)?.sequence ?? 0) + 1`, `1`, 'a frozen lane gets the next sequence'],
  [`state: 'frozen', txId };`, `state: 'paused', txId };`, 'evidence freezes'],
];
