// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/ledger/in-flight-index.ts';
export const tests = ['chaincode/peg/src/in-flight-index.test.ts', 'chaincode/peg/src/peg-contract.test.ts'];
export const changes = [
  [
    `store.each(ids, (id) => store.get(inFlightCodec, 'lane-inflight', laneId, id))`,
    `store.each([] as PacketId[], (id) => store.get(inFlightCodec, 'lane-inflight', laneId, id))`,
    'an entry by lane is read',
  ],
  [
    `const others = ids.filter((id) => !found.has(id));`,
    `const others = ids;`,
    'a former key is read only where needed',
  ],
  [
    `const others = ids.filter((id) => !found.has(id));`,
    `const others: PacketId[] = [];`,
    'an entry under its former key is read',
  ],
  [`.filter(([, entry]) => entry.laneId === laneId)`, ``, 'an entry under its former key is of the lane asked for'],
  [`for (const [id] of former) this.#former.add(id);`, ``, 'what lies under a former key ends there'],
  [`return new Map([...found, ...former]);`, `return new Map([...found]);`, 'what lies under a former key is found'],
  [`return new Map([...found, ...former]);`, `return new Map([...former]);`, 'what lies by its lane is found'],
  [`      store.get(inFlightCodec, 'inflight', id),\n`, ``, 'one packet is looked for under its former key'],
  [`...lanes.map((laneId)`, `...lanes.slice(0, 1).map((laneId)`, 'one packet is looked for under each lane'],
  [`bookmark = page.bookmark;`, `bookmark = '';`, 'lanes are read to the last page'],
  [
    `stateKey('lane-inflight', laneId, packetId), inFlightCodec, entry`,
    `stateKey('inflight', packetId), inFlightCodec, entry`,
    'a new entry lies by its lane',
  ],
  [
    `isFormer ? stateKey('inflight', packetId) : stateKey`,
    `stateKey`,
    'a former key is deleted where the entry lies there',
  ],
  [
    `isFormer ? stateKey('inflight', packetId) : stateKey('lane-inflight', laneId, packetId)`,
    `stateKey('inflight', packetId)`,
    'the key by lane is deleted where the entry lies there',
  ],
  [
    `if (bookmark.startsWith(formerRange)) return`,
    `if (bookmark === '\\u0000') return`,
    'a list goes on under former keys',
  ],
  [
    `const range = laneId === undefined ? [] : [laneId];`,
    `const range: string[] = [];`,
    'a list is of the lane asked for',
  ],
  [`if (page.bookmark !== '') return page;`, ``, 'a list stays in its range until that is over'],
  [`const room = pageSize - page.entries.length;`, `const room = pageSize;`, 'a page is not larger than asked for'],
  [
    `if (room === 0) return { entries: page.entries, bookmark: formerRange };`,
    `if (room === 0) return page;`,
    'a full page does not end the list while there are former keys',
  ],
  [
    `const rest = await this.#listFormer(laneId, room, formerRange);`,
    `const rest: Page<InFlight> = { entries: [], bookmark: '' };`,
    'a list has what lies under former keys',
  ],
  [`[...page.entries, ...rest.entries]`, `rest.entries`, 'a page has both kinds'],
  [`bookmark: rest.bookmark }`, `bookmark: '' }`, 'a list under former keys goes on'],
  [`laneId === undefined || entry.laneId === laneId`, `true`, 'what lies under former keys is of the lane asked for'],
  [`laneId === undefined || entry.laneId === laneId`, `entry.laneId === laneId`, 'who names no lane gets all'],
];
