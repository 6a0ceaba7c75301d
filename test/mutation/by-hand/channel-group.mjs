// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/spv/channel-group.ts';
export const tests = [
  'chaincode/protocol/src/spv/follow.test.ts',
  'chaincode/protocol/src/spv/channel-configuration.test.ts',
];
export const changes = [
  ['if (map.size !== pairs.length) throw', 'if (false as boolean) throw', 'a name is there once'],
  ['providers.filter((other) => other.mspId === mspId).length === 1', 'true', 'two of one id have no say'],
  ['.sort((a, b) => (a.mspId < b.mspId ? -1 : 1))', '', 'members are in the order of their ids'],
  ['if (type !== fabricProvider) return [];', '', "an MSP is Fabric's own"],
  ['[...rootCerts, ...intermediateCerts]', '[...rootCerts]', 'intermediate authorities count'],
  ['.filter(isCaCertificate)', '', 'authorities are such'],
  ['.filter((list) => authorities.some(list.isSignedBy))', '', 'a list is signed by an authority'],
  ['if (enable !== 1) return undefined;', '', 'node OUs that are off say nothing'],
];
