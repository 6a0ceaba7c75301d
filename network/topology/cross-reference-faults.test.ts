// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';

import { builtInTopology } from './load-topology';
import { faultOf } from './testing/fault-of';

const text = readFileSync(builtInTopology('dev'), 'utf8');

/** Every place of a text that is replaced must be there, or a test would pass for another reason. */
function changed(before: string, after: string): string {
  if (!text.includes(before)) throw new Error(`dev.yaml has no ${before}`);
  return text.replace(before, after);
}

/** Line of a part; what repeats something is shown where it comes again. */
function lineOf(part: string, within: string): number {
  const index = within.lastIndexOf(part);
  if (index < 0) throw new Error(`no ${part}`);
  return within.slice(0, index).split('\n').length;
}

function firstLineOf(part: string, within: string): number {
  return within.slice(0, within.indexOf(part)).split('\n').length;
}

// Title, what is replaced, by what, what the message says of it, and where it is shown unless at the replacement.
type WrongEdit = readonly [title: string, before: string, after: string, message: string, place?: string];
const wrongEdits: readonly WrongEdit[] = [
  ['a key that means nothing', 'batchTimeout: 100ms', 'batchTimeOut: 100ms', 'allowed here: mspId, name, domain'],
  [
    'one issuer, as earlier versions had it',
    'issuers: [',
    'issuer: [',
    'it is "issuers" now, a list: write issuers: [...]',
  ],
  ['a key at the top that means nothing', 'name: dev', 'nam: dev', 'no key "nam" belongs here; allowed here: name'],
  ['a missing key', '    channel: city\n', '', 'expected string, and it is missing', '- name: city\n    members'],
  ['a key that is there twice', 'name: dev', 'name: dev\nname: dev', 'unique', 'name: dev\n\norg'],
  [
    'a quantity that is no string',
    "maximumQuantity: '1000000000000'",
    'maximumQuantity: 1000000000000',
    'quoted string',
  ],
  ['a duration without a unit', 'batchTimeout: 100ms', 'batchTimeout: 100', 'expected string'],
  ['a duration of another form', 'batchTimeout: 100ms', 'batchTimeout: 1 s', 'a duration such as 100ms or 2s'],
  ['a consensus that there is not', 'consensus: etcdraft', 'consensus: raft', '"etcdraft"|"BFT"'],
  [
    'SmartBFT under one orderer',
    'consensus: etcdraft',
    'consensus: BFT',
    'at least 4 orderers',
    'orderers: [orderer0]',
  ],
  [
    'SmartBFT under three orderers',
    'consensus: etcdraft\n      orderers: [orderer0]',
    'consensus: BFT\n      orderers: [a, b, c]',
    'there are 3; add some, or take consensus etcdraft',
    'orderers: [a, b, c]',
  ],
  ['an orderer that is there twice', 'orderers: [orderer0]', 'orderers: [orderer0, orderer0]', '"orderer0" is there'],
  ['no orderer', 'orderers: [orderer0]', 'orderers: []', '>=1 items'],
  ['a user that is out of turn', 'name: User2', 'name: User3', 'expected User2'],
  [
    'an organization without an operator',
    'role: operator',
    'role: client',
    'GridMSP has no user of role operator',
    'users: &',
  ],
  ["a peer that has the notary's name", '{ name: peer0, chain: city }', '{ name: notary, chain: city }', 'take peer0'],
  ['two peers of one name', '{ name: peer1, chain: mic', '{ name: peer0, chain: mic', '"peer0" is there already'],
  [
    'a peer on a chain of others',
    '{ name: peer0, chain: city }',
    '{ name: peer0, chain: charging }',
    'allowed here: city',
  ],
  [
    'a peer that is missing',
    '      - { name: peer1, chain: microgrid }\n',
    '',
    'MicrogridMSP has no peer for chain "microgrid"',
    'peers: &peers',
  ],
  ["an organization of another's name", 'name: Microgrid\n', 'name: grid\n', '"grid" is there already', 'name: grid'],
  ["an organization of another's MSP id", 'mspId: MicrogridMSP', 'mspId: GridMSP', '"GridMSP" is there already'],
  ["an organization of another's domain", 'domain: microgrid.ex', 'domain: grid.ex', 'is there already'],
  [
    "orderers of a member's domain",
    'domain: city-orderer.example.com',
    'domain: grid.example.com',
    'is there already',
    'domain: grid.example.com\n      consensus',
  ],
  [
    "orderers of a member's MSP id",
    'mspId: CityOrdererMSP',
    'mspId: GridMSP',
    'is there already',
    'mspId: GridMSP\n      name',
  ],
  [
    "orderers of a member's name",
    'name: CityOrderer',
    'name: Grid',
    'is there already',
    'name: Grid\n      domain: city',
  ],
  ['a domain that is none', 'domain: grid.example.com', 'domain: Grid_', 'a lower-case domain'],
  ['a member that does not exist', 'members: [GridMSP, ', 'members: [NobodyMSP, ', 'allowed here: GridMSP'],
  [
    'a member that is there twice',
    'members: [GridMSP, ',
    'members: [RegulatorMSP, ',
    '"RegulatorMSP" is there already',
  ],
  [
    'an organization without a chain',
    'members: [GridMSP, ',
    'members: [',
    'GridMSP is a member of no chain',
    'mspId: GridMSP',
  ],
  [
    'a chain of one member',
    'members: [MicrogridMSP, ChargingMSP, RegulatorMSP]',
    'members: [MicrogridMSP]',
    '>=2 items',
  ],
  ['two chains of one channel', 'channel: microgrid', 'channel: city', '"city" is there already'],
  [
    'two chains of one name',
    '- name: microgrid\n',
    '- name: city\n',
    '"city" is there already',
    'name: city\n    channel: microgrid',
  ],
  ['an endorsement that there is not', 'endorsement: majority', 'endorsement: most', 'allowed here: majority, { org'],
  ['more endorsers than members', 'endorsement: majority', 'endorsement: { organizations: 9 }', 'at most 4'],
  [
    'a policy that names no member',
    'endorsement: majority',
    `endorsement: { policy: "AND('GridMSP.peer','MarsMSP.peer')" }`,
    "'MarsMSP.peer' is of no member of the chain; allowed here: GridMSP",
  ],
  [
    'a policy that no peer satisfies',
    'endorsement: majority',
    `endorsement: { policy: "OR('GridMSP.admin')" }`,
    "'GridMSP.admin' cannot endorse",
  ],
  [
    'a policy that is none',
    'endorsement: majority',
    `endorsement: { policy: "OR('GridMSP.peer'" }`,
    'no signature policy; allowed is',
  ],
  [
    'a policy that asks for too many',
    'endorsement: majority',
    `endorsement: { policy: "OutOf(2,'GridMSP.peer')" }`,
    'no signature policy',
  ],
  ['more proving organizations than members', 'city: { organizations: 3 }', 'city: { organizations: 5 }', 'at most 4'],
  ['one proving organization', 'city: { organizations: 3 }', 'city: { organizations: 1 }', '>=2'],
  [
    'a proof policy of a missing chain',
    '    city: { organizations: 3 }',
    '    town: { organizations: 3 }\n    city: { organizations: 3 }',
    'no such chain; allowed here: city',
  ],
  [
    'a chain without a proof policy',
    '    charging: { organizations: 2 }\n',
    '',
    'chain "charging" has no proof policy; add',
    'proofPolicy:',
  ],
  [
    'an asset at home nowhere',
    'id: city/energy',
    'id: town/energy',
    'at home on no channel; before the slash is allowed here: city',
  ],
  ['an asset of another form', 'id: city/energy', 'id: energy', 'home channel, slash, name'],
  ['an issuer of no member', 'issuers: [GridMSP]', 'issuers: [MarsMSP/User1]', 'allowed here: GridMSP'],
  ['an issuer that is no user', 'issuers: [GridMSP]', 'issuers: [GridMSP/User9]', 'no such user'],
  ['an issuer twice', 'issuers: [GridMSP]', 'issuers: [GridMSP, GridMSP]', 'GridMSP'],
  [
    'a window of issuing that leaves a shard nothing',
    "quantity: '16000000000000'",
    "quantity: '15'",
    'at least 1 for each',
  ],
  [
    'a window of issuing that is too short',
    'window: { length: 1h',
    'window: { length: 59s',
    'from 1 minute to 31 days',
  ],
  [
    'an urgent delay above the delay',
    '  assets:\n    - { id',
    '  governance: { delay: 60s, urgentDelay: 61s }\n  assets:\n    - { id',
    'at most the delay',
    '  governance:',
  ],
  [
    'an asset that is there twice',
    '    - { id: city/energy',
    '    - { id: city/energy, unit: Wh, issuers: [GridMSP], window: { length: 1h, quantity: "16", shards: 16 } }\n' +
      '    - { id: city/energy',
    'is there already',
    '    - { id: city/energy',
  ],
  ['a lane to a chain that does not exist', 'destination: microgrid', 'destination: moon', 'allowed here: city'],
  ['a lane from a chain that does not exist', 'source: microgrid', 'source: moon', 'allowed here: city'],
  [
    "a lane of another's id",
    'id: microgrid-city',
    'id: city-microgrid',
    'is there already',
    'id: city-microgrid\n      source: microgrid',
  ],
  [
    'a lane that is there by another id',
    'source: microgrid\n      destination: charging',
    'source: microgrid\n      destination: city',
    '"microgrid to city" is there already',
    'id: microgrid-charging',
  ],
  [
    'a lane without a way back',
    'id: charging-microgrid\n      source: charging\n      destination: microgrid',
    'id: charging-microgrid\n      source: charging\n      destination: charging',
    'no way back; add a lane with source charging',
    'id: microgrid-charging',
  ],
  ['a lane that leads nowhere', 'destination: microgrid', 'destination: city', 'a lane joins two different chains'],
  ['an asset that does not exist', 'assets: [city/energy]', 'assets: [city/gold]', 'allowed here: city/energy'],
  ['a custody that there is not', 'custody: federation', 'custody: trust-me', '"federation"'],
  [
    "a quantity larger than a window's part",
    "maximumQuantity: '1000000000000'",
    "maximumQuantity: '1000'\n      window: { length: 1h, quantity: '1000', shards: 2 }",
    'at most 500',
    "maximumQuantity: '1000'\n",
  ],
  [
    'a window that is too short',
    "maximumQuantity: '1000000000000'",
    "maximumQuantity: '10'\n      window: { length: 1s, quantity: '1000', shards: 2 }",
    'from 1 minute',
    'window: { length: 1s',
  ],
  ['a notary that does not exist', 'notaries: [GridMSP', 'notaries: [MarsMSP', 'allowed here: GridMSP'],
  ['a notary that is there twice', 'notaries: [GridMSP', 'notaries: [RegulatorMSP', 'is there already'],
  ['a threshold that two disjoint quorums could reach', 'threshold: 3', 'threshold: 2', 'more than half of 4'],
  ['a threshold above the committee', 'threshold: 3', 'threshold: 5', 'at most all'],
];

test.each(wrongEdits.map((edit) => [edit[0], edit] as const))(
  'a topology with %s is refused with its line and what is allowed',
  (_title, edit) => {
    const [, before, after, message, place = after] = edit;
    const wrong = changed(before, after);
    const fault = faultOf(wrong);
    expect(fault.code).toBe('TOPOLOGY_INVALID');
    const reported = (fault.output ?? '').split('\n').filter((line) => line.includes(message));
    expect(reported.length).toBeGreaterThan(0);
    const line = (/already|unique/.test(message) ? lineOf : firstLineOf)(place, wrong);
    expect(reported.map((text) => text.split(' ')[0])).toContain(`x.yaml:${String(line)}:`);
  },
);

test('a lane that no notary could carry is refused, with who could be added', () => {
  const alone = text
    .replace('threshold: 3', 'threshold: 2')
    .replace(/notaries: \[.*\]/, 'notaries: [GridMSP, MicrogridMSP]')
    .replace('members: [ChargingMSP, MicrogridMSP, RegulatorMSP]', 'members: [ChargingMSP, RegulatorMSP]');
  const detail = faultOf(alone).output ?? '';
  expect(detail).toContain('both city and charging');
  expect(detail).toContain('add one of ChargingMSP, RegulatorMSP to the committee');
});

test('an asset on a lane whose way back does not allow it is refused at the lane', () => {
  const gold = text.replace(/( {4}- \{ id: city\/)energy(, .*\n)/, '$&$1gold$2');
  const oneWay = gold.replace('assets: [city/energy]', 'assets: [city/energy, city/gold]');
  expect(faultOf(oneWay).message).toContain('its way back, microgrid-city, does not allow city/gold; add it there');
  const stranded = gold.replace(
    /(charging\n {6}destination: microgrid[^]*?assets: \[city\/energy)|(microgrid\n {6}destination: charging[^]*?assets: \[city\/energy)/g,
    '$&, city/gold',
  );
  expect(faultOf(stranded).message).toContain('city/gold never gets to microgrid');
});

test('a policy of several levels is accepted', () => {
  const nested = changed(
    'endorsement: majority',
    `endorsement: { policy: "AND('GridMSP.peer', OutOf(1, 'MicrogridMSP.peer', OR('ChargingMSP.member')))" }`,
  );
  expect(() => faultOf(nested)).toThrow('expected a fault');
});

test('all faults are told at once, in the order of their lines', () => {
  const wrong = changed('source: city', 'source: moon').replace('consensus: etcdraft', 'consensus: BFT');
  const fault = faultOf(wrong);
  expect(fault.message).toContain('(and ');
  const lines = (fault.output ?? '').split('\n').map((line) => Number(line.split(':')[1]));
  expect(lines.length).toBeGreaterThanOrEqual(2);
  expect(lines).toEqual([...lines].sort((a, b) => a - b));
});
