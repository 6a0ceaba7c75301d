// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/governance/requires-timelock.ts';
export const tests = ['chaincode/protocol/src/governance/requires-timelock.test.ts'];
export const changes = [
  [`    sequence: previous.sequence,\n`, ``, 'the sequence alone is no change'],
  [
    `    sequence: previous.sequence,\n`,
    `    sequence: previous.sequence,\n    delayMs: previous.delayMs,\n`,
    'another delay waits',
  ],
  [
    `    sequence: previous.sequence,\n`,
    `    sequence: previous.sequence,\n    urgentDelayMs: previous.urgentDelayMs,\n`,
    'another urgent delay waits',
  ],
  [
    `    sequence: previous.sequence,\n`,
    `    sequence: previous.sequence,\n    members: previous.members,\n`,
    'other members wait',
  ],
  [`undone(next.assets, previous.assets, ({ id }) => id, undoneAsset)`, `previous.assets`, 'another asset waits'],
  [`undone(next.assets, previous.assets, ({ id }) => id, undoneAsset)`, `next.assets`, 'a further asset does not wait'],
  [
    `undone(next.chains, previous.chains, ({ chainId }) => chainId, undoneTrust)`,
    `previous.chains`,
    'another trust record waits',
  ],
  [
    `undone(next.chains, previous.chains, ({ chainId }) => chainId, undoneTrust)`,
    `next.chains.map((chain, index) => undoneTrust(chain, previous.chains[index] ?? chain))`,
    'a further chain does not wait',
  ],
  [`undone(next.lanes, previous.lanes, ({ id }) => id, undoneLane)`, `previous.lanes`, 'another lane waits'],
  [
    `undone(next.lanes, previous.lanes, ({ id }) => id, undoneLane)`,
    `next.lanes.map((lane, index) => undoneLane(lane, previous.lanes[index] ?? lane))`,
    'a further lane does not wait',
  ],
  [`!known || threshold < previous.threshold`, `threshold < previous.threshold`, 'a new signer waits'],
  [`!known || threshold < previous.threshold`, `!known`, 'a lower threshold waits'],
  [`before.mspId === mspId && before.publicKey`, `before.publicKey`, 'a key in another name is a new signer'],
  [`before.mspId === mspId && before.publicKey === publicKey`, `before.mspId === mspId`, 'a new key is a new signer'],
  [
    `after === undefined ? before : undo(after, before)`,
    `after === undefined ? before : after`,
    'restrictions do not wait',
  ],
  [`issuers: within(next.issuers, previous.issuers)`, `issuers: previous.issuers`, 'a new issuer waits'],
  [
    `function undoneAsset(next: Asset, previous: Asset): Asset {\n  return {\n    ...next,`,
    `function undoneAsset(next: Asset, previous: Asset): Asset {\n  return {\n    ...next,\n    unit: previous.unit,`,
    'another unit waits',
  ],
  [
    `issuers: within(next.issuers, previous.issuers),\n    window: { ...next.window, quantity: atMost(next.window.quantity, previous.window.quantity) },`,
    `issuers: within(next.issuers, previous.issuers),\n    window: { ...next.window, quantity: previous.window.quantity },`,
    'a higher limit of issuing waits',
  ],
  [
    `issuers: within(next.issuers, previous.issuers),\n    window: { ...next.window, quantity`,
    `issuers: within(next.issuers, previous.issuers),\n    window: { ...previous.window, quantity`,
    'another window of issuing waits',
  ],
  [`assets: within(next.assets, previous.assets)`, `assets: previous.assets`, 'a further asset of a lane waits'],
  [
    `maximumQuantity: atMost(next.maximumQuantity, previous.maximumQuantity)`,
    `maximumQuantity: previous.maximumQuantity`,
    'a larger packet waits',
  ],
  [
    `previous.maximumQuantity),\n    window: { ...next.window, quantity: atMost(next.window.quantity, previous.window.quantity) },`,
    `previous.maximumQuantity),\n    window: { ...next.window, quantity: previous.window.quantity },`,
    'a higher limit of a lane waits',
  ],
  [
    `previous.maximumQuantity),\n    window: { ...next.window, quantity`,
    `previous.maximumQuantity),\n    window: { ...previous.window, quantity`,
    'another window of a lane waits',
  ],
  [`organizations: known\n`, `organizations: (true as boolean)\n`, 'a further organization waits'],
  [
    `minimum >= previous.minimumOrganizations ? previous.minimumOrganizations : minimum`,
    `previous.minimumOrganizations`,
    'a lower minimum of organizations waits',
  ],
  [
    `  return {\n    ...next,\n    organizations: known`,
    `  return {\n    ...next,\n    chaincodeName: previous.chaincodeName,\n    organizations: known`,
    'another chaincode waits',
  ],
  [
    `previous.revokedSerials.every((serial) => revoked.has(serial))`,
    `(true as boolean)`,
    'a revocation taken back waits',
  ],
  [
    `caCertificates: within(next.caCertificates, previous.caCertificates)`,
    `caCertificates: previous.caCertificates`,
    'a further CA waits',
  ],
  [
    `    caCertificates: within(`,
    `    peerUnit: previous.peerUnit,\n    caCertificates: within(`,
    'another role of those who endorse waits',
  ],
  [`next.every((value) => previous.includes(value)) ? previous : next`, `previous`, 'what is further is noticed'],
  [`next <= previous ? previous : next`, `previous`, 'what is higher is noticed'],
];
