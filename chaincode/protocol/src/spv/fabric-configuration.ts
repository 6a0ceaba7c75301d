// SPDX-License-Identifier: Apache-2.0

import { message } from '../proof/fabric-message';

/**
 * The Fabric messages that a channel's configuration consists of (fabric-protos: common/configtx.proto,
 * common/configuration.proto, orderer/configuration.proto, msp/msp_config.proto). Fabric writes maps in any order and
 * values as the client gave them, so any spelling counts; unknown and repeated fields are errors all the same.
 */
const written = { spelling: 'any' } as const;

export const readConfigEnvelope = message(
  { config: 'bytes', lastUpdate: 'bytes' },
  { config: 1, lastUpdate: 2 },
  written,
);
export const readConfig = message(
  { sequence: 'long', channelGroup: 'bytes' },
  { sequence: 1, channelGroup: 2 },
  written,
);
export const readConfigGroup = message(
  { groupVersion: 'long', groups: 'list', values: 'list', policies: 'list', modPolicy: 'bytes' },
  { groupVersion: 1, groups: 2, values: 3, policies: 4, modPolicy: 5 },
  written,
);
export const readMapEntry = message({ key: 'bytes', value: 'bytes' }, { key: 1, value: 2 }, written);
export const readConfigValue = message(
  { valueVersion: 'long', value: 'bytes', modPolicy: 'bytes' },
  { valueVersion: 1, value: 2, modPolicy: 3 },
  written,
);
export const readConsensusType = message(
  { type: 'bytes', metadata: 'bytes', state: 'integer' },
  { type: 1, metadata: 2, state: 3 },
  written,
);
export const readOrderers = message({ consenters: 'list' }, { consenters: 1 }, written);
export const readConsenter = message(
  {
    ...{ id: 'integer', host: 'bytes', port: 'integer', mspId: 'bytes' },
    ...{ identity: 'bytes', clientTlsCert: 'bytes', serverTlsCert: 'bytes' },
  },
  { id: 1, host: 2, port: 3, mspId: 4, identity: 5, clientTlsCert: 6, serverTlsCert: 7 },
  written,
);
export const readMspConfig = message({ type: 'integer', config: 'bytes' }, { type: 1, config: 2 }, written);
export const readFabricMspConfig = message(
  {
    ...{ name: 'bytes', rootCerts: 'list', intermediateCerts: 'list', admins: 'list', revocationLists: 'list' },
    ...{ signingIdentity: 'bytes', unitIdentifiers: 'list', cryptoConfig: 'bytes' },
    ...{ tlsRootCerts: 'list', tlsIntermediateCerts: 'list', nodeOus: 'bytes' },
  },
  {
    ...{ name: 1, rootCerts: 2, intermediateCerts: 3, admins: 4, revocationLists: 5, signingIdentity: 6 },
    ...{ unitIdentifiers: 7, cryptoConfig: 8, tlsRootCerts: 9, tlsIntermediateCerts: 10, nodeOus: 11 },
  },
  written,
);
export const readNodeOus = message(
  { enable: 'integer', client: 'bytes', peer: 'bytes', admin: 'bytes', orderer: 'bytes' },
  { enable: 1, client: 2, peer: 3, admin: 4, orderer: 5 },
  written,
);
export const readUnitIdentifier = message(
  { certificate: 'bytes', unit: 'bytes' },
  { certificate: 1, unit: 2 },
  written,
);
