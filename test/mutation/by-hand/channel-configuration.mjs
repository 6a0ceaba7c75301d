// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/spv/channel-configuration.ts';
export const tests = [
  'chaincode/protocol/src/spv/follow.test.ts',
  'chaincode/protocol/src/spv/channel-configuration.test.ts',
];
export const changes = [
  [
    "if (type !== 'etcdraft' || raftSignatures === undefined) throw",
    'if (raftSignatures === undefined) throw',
    'a consensus is known',
  ],
  ['all.length === 0 || new Set', 'new Set', 'there are consenters'],
  ['new Set(all.map(({ id }) => id)).size !== all.length || all', 'all', 'a number has one consenter'],
  [' || all.some(({ id }) => id < 0)', '', 'numbers are not negative'],
  [
    'requiredSignatures: quorumOf(all.length)',
    'requiredSignatures: quorumOf(able.length)',
    'those who cannot sign are counted',
  ],
  ['consenters: able.sort((a, b) => a.id - b.id)', 'consenters: able', 'consenters are in the order of their numbers'],
  ['canSign(consenter, providers) &&', 'true &&', 'consenters can sign'],
  [
    'named.findIndex(({ certificate }) => certificate === consenter.certificate) === place',
    'true',
    'a certificate has one consenter',
  ],
  [
    'Math.ceil((count + Math.floor((count - 1) / 3) + 1) / 2)',
    'Math.floor((count + Math.floor((count - 1) / 3) + 1) / 2)',
    'a quorum is rounded up',
  ],
  ['Math.floor((count - 1) / 3) + 1) / 2', 'Math.floor(count / 3) + 1) / 2', 'a third may lie, and no more'],
  ['isP256(facts.publicKey) && own', 'own', "a consenter's key is on P-256"],
  ['&& !revoked', '', 'a revoked consenter cannot sign'],
  [
    '[...membershipProviders(orderers), ...members]',
    'membershipProviders(orderers)',
    'an MSP among the members counts',
  ],
  [
    'return [...new Set(lists.flatMap(({ serialNumbers }) => [...serialNumbers]))].sort();',
    'return [];',
    'revoked certificates are known',
  ],
  ['own.length > 0 && !revoked', '!revoked', 'a consenter has a known organization'],
];
