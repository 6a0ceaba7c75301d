// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/governance/governance-changes.ts';
export const tests = [
  'chaincode/peg/src/domain/governance/governance-changes.test.ts',
  'chaincode/peg/src/domain/governance/proposal.test.ts',
  'chaincode/peg/src/domain/governance/rotate.test.ts',
  'chaincode/peg/src/governance-proposals.test.ts',
];
export const changes = [
  [`  checkReadable(configuration);\n`, ``, 'a configuration that is stored can be read back'],
  [
    `encode(configurationCodec, configuration), limits.configurationLength)`,
    `encode(configurationCodec, configuration), 2 * limits.configurationLength)`,
    'a configuration that is stored is at most as long as one that is read',
  ],
  [`.filter(({ state }) => state === 'suspended')`, ``, 'a trusted key is not suspended'],
  [`({ state }) => state === 'suspended'`, `() => false`, 'a suspended key does not count'],
  [
    `if (known.has(publicKey) || fresh.has(publicKey)) continue;`,
    `if (fresh.has(publicKey)) continue;`,
    'a suspension outlives a rotation',
  ],
  [
    `.filter(({ chainId, committee }) => epochs.get(chainId) !== committee.epoch)`,
    `.slice(0, 0)`,
    'a committee that is over is remembered',
  ],
  [
    `.filter(({ chainId, committee }) => epochs.get(chainId) !== committee.epoch)`,
    ``,
    'a committee in force is no past one',
  ],
  [
    `sequence: configuration.sequence + 1,`,
    `sequence: configuration.sequence,`,
    'another committee makes the sequence higher',
  ],
  [`concerns(trust) ? {`, `(true as boolean) ? {`, 'a committee changes in the records that it is for'],
];
