// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/evidence/judge-source-evidence.ts';
export const tests = ['chaincode/peg/src/evidence-contract.test.ts'];
export const changes = [
  [`frozenBoth(concerned, view, txId)`, `[]`, 'what a source answers freezes lanes'],
  [`.filter((id) => !before.includes(id))]`, `]`, 'a lane is recorded once'],
  [`const lanes = [...before, ...concerned`, `const lanes = [...concerned`, 'lanes that were frozen before are kept'],
  [`lanes.length > before.length`, `false`, 'a further lane makes evidence new'],
  [`record?.version === 2 ? record.lanes : []`, `[]`, 'lanes that were frozen before are remembered'],
  [`record?.organizations ?? []`, `[]`, 'organizations that lied before are remembered'],
  [`liars.filter((name) => !before.includes(name))`, `liars`, 'an organization lies once about one packet'],
  [
    `record === undefined || addsLane || fresh.length > 0`,
    `addsLane || fresh.length > 0`,
    'answers about no lane that is known are recorded',
  ],
  [
    `record === undefined || addsLane || fresh.length > 0`,
    `record === undefined || addsLane`,
    'a further liar makes answers new',
  ],
  [`record === undefined || addsLane || fresh.length > 0`, `true`, 'answers that bring nothing new change nothing'],
  [`{ organizations: [...before, ...fresh] }`, `{ organizations: fresh }`, 'organizations that lied before are kept'],
  [`(hasSigned(key) ?`, `((true as boolean) ?`, 'keys of the committee of that epoch are accused'],
  [`if (served.length === 0) throw`, `if (false as boolean) throw`, 'an absence about strangers is refused'],
  [`record?.publicKeys ?? []`, `[]`, 'keys that were accused before are remembered'],
  [`served.filter(({ state }) => state === 'trusted')`, `served`, 'a key that is suspended already brings nothing new'],
  [`.filter((key) => !before.includes(key))`, ``, 'a key is accused once of one packet'],
  [
    `trusted.filter(({ mspId }) => witnesses.includes(mspId))`,
    `trusted`,
    'a key ends only by the word of its own organization',
  ],
  [
    `trusted.filter(({ mspId }) => witnesses.includes(mspId))`,
    `trusted.slice(0, 0)`,
    'a key ends by the word of its own organization',
  ],
  [`accused.length + ended.length === 0`, `accused.length === 0`, 'a suspension that is missing makes evidence new'],
  [`!(addsLane && trusted.length > 0)) return`, `!addsLane) return`, 'suspended keys freeze no further lane'],
  [
    `  if (accused.length + ended.length === 0 && !(addsLane && trusted.length > 0)) return undefined;\n`,
    ``,
    'an absence that brings nothing new changes nothing',
  ],
  [`publicKeys: [...before, ...accused]`, `publicKeys: accused`, 'keys that were accused before are kept'],
];
