// SPDX-License-Identifier: Apache-2.0

import { join } from 'node:path';

import { stringify } from 'yaml';

import { addressOf, listenAddressOf, nodeDir, peerDir, type Placement } from './layout';

/** What distinguishes one peer from another. */
export interface PeerIdentity {
  readonly mspId: string;
  readonly domain: string;
  readonly peer: string;
}

const maxMessageBytes = 104857600;

/**
 * Renders core.yaml of one peer.
 *
 * @param identity - whose peer it is
 * @param placement - its `listen` and `operations` ports; the external builder lies in `builders/ccaas` of its state
 * folder
 */
export function renderCoreConfig(identity: PeerIdentity, placement: Placement): string {
  const { stateDir } = placement;
  const node = `${identity.peer}.${identity.domain}`;
  const data = join(nodeDir(stateDir, node), 'data');
  return stringify(
    {
      peer: peerSection(identity, placement, data),
      // Empty: chaincode runs as a service, and without an endpoint the peer never looks for a Docker daemon.
      vm: { endpoint: '' },
      chaincode: chaincodeSection(stateDir),
      ledger: {
        state: { stateDatabase: 'goleveldb', totalQueryLimit: 100000 },
        history: { enableHistoryDatabase: true },
        pvtdataStore: {
          collElgProcMaxDbBatchSize: 5000,
          collElgProcDbBatchesInterval: 1000,
          deprioritizedDataReconcilerInterval: '60m',
          purgeInterval: 100,
          purgedKeyAuditLogging: true,
        },
        snapshots: { rootDir: join(data, 'snapshots') },
      },
      operations: {
        listenAddress: listenAddressOf(placement, node, 'operations'),
        tls: { enabled: false },
      },
      metrics: { provider: 'prometheus' },
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}

function peerSection({ mspId, domain, peer }: PeerIdentity, placement: Placement, data: string): object {
  const node = `${peer}.${domain}`;
  const identityDir = peerDir(placement.stateDir, domain, peer);
  const address = addressOf(placement, node);
  return {
    id: node,
    networkId: 'gridpeg',
    listenAddress: address,
    address,
    // Chaincode services are called, they never call; any port will do for those that would.
    chaincodeListenAddress: `${placement.bindAddress}:0`,
    addressAutoDetect: false,
    // Less than clients wait, so that a gateway can still ask another endorser in the place of a silent one.
    gateway: { enabled: true, endorsementTimeout: '10s', broadcastTimeout: '30s', dialTimeout: '2m' },
    keepalive: {
      interval: '7200s',
      timeout: '20s',
      // Clients ping every few seconds, so that they notice a connection that leads nowhere.
      minInterval: '1s',
      client: { interval: '60s', timeout: '20s' },
      deliveryClient: { interval: '60s', timeout: '20s' },
    },
    gossip: gossipSection(address),
    tls: {
      enabled: true,
      clientAuthRequired: false,
      cert: { file: join(identityDir, 'tls', 'server.crt') },
      key: { file: join(identityDir, 'tls', 'server.key') },
      rootcert: { file: join(identityDir, 'tls', 'ca.crt') },
    },
    authentication: { timewindow: '15m' },
    fileSystemPath: data,
    BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256, FileKeyStore: { KeyStore: '' } } },
    mspConfigPath: join(identityDir, 'msp'),
    localMspId: mspId,
    localMspType: 'bccsp',
    client: { connTimeout: '3s' },
    deliveryclient: {
      blockGossipEnabled: false,
      reconnectTotalTimeThreshold: '3600s',
      connTimeout: '3s',
      // A restarted orderer is found again within seconds.
      reConnectBackoffThreshold: '5s',
      blockCensorshipTimeoutKey: '30s',
      minimalReconnectInterval: '100ms',
      policy: 'cluster',
    },
    handlers: {
      authFilters: [{ name: 'DefaultAuth' }, { name: 'ExpirationCheck' }, { name: 'TimeWindowCheck' }],
      decorators: [{ name: 'DefaultDecorator' }],
      endorsers: { escc: { name: 'DefaultEndorsement' } },
      validators: { vscc: { name: 'DefaultValidation' } },
    },
    discovery: {
      enabled: true,
      authCacheEnabled: true,
      authCacheMaxSize: 1000,
      authCachePurgeRetentionRatio: 0.75,
      orgMembersAllowedAccess: false,
    },
    limits: { concurrency: { endorserService: 2500, deliverService: 2500, gatewayService: 500 } },
    maxRecvMsgSize: maxMessageBytes,
    maxSendMsgSize: maxMessageBytes,
  };
}

/** Every organization has one peer a channel: it takes blocks from the orderer and gossips membership only. */
function gossipSection(address: string): object {
  return {
    bootstrap: address,
    endpoint: address,
    externalEndpoint: address,
    useLeaderElection: false,
    orgLeader: true,
    membershipTrackerInterval: '5s',
    maxBlockCountToStore: 10,
    // Fabric's 10 ms wake every peer a hundred times a second, which is half of what an idle one costs. Blocks and
    // private data do not wait for it.
    maxPropagationBurstLatency: '200ms',
    maxPropagationBurstSize: 10,
    propagateIterations: 1,
    propagatePeerNum: 3,
    pullInterval: '4s',
    pullPeerNum: 3,
    // Shorter than Fabric's 4 s: the Gateway can endorse as soon as the peers know of one another's chaincode.
    requestStateInfoInterval: '1s',
    publishStateInfoInterval: '1s',
    publishCertPeriod: '10s',
    skipBlockVerification: false,
    dialTimeout: '3s',
    connTimeout: '2s',
    recvBuffSize: 20,
    sendBuffSize: 200,
    digestWaitTime: '1s',
    requestWaitTime: '1500ms',
    responseWaitTime: '2s',
    aliveTimeInterval: '5s',
    aliveExpirationTimeout: '25s',
    reconnectInterval: '1s',
    maxConnectionAttempts: 120,
    msgExpirationFactor: 20,
    pvtData: {
      pullRetryThreshold: '60s',
      transientstoreMaxBlockRetention: 20000,
      pushAckTimeout: '3s',
      btlPullMargin: 10,
      reconcileBatchSize: 10,
      reconcileSleepInterval: '1m',
      reconciliationEnabled: true,
      skipPullingInvalidTransactionsDuringCommit: false,
      implicitCollectionDisseminationPolicy: { requiredPeerCount: 0, maxPeerCount: 1 },
    },
    state: { enabled: false },
  };
}

function chaincodeSection(stateDir: string): object {
  return {
    mode: 'net',
    keepalive: 0,
    installTimeout: '30s',
    // A chaincode service that is down is reported within this time; Fabric's default is five minutes.
    startuptimeout: '20s',
    executetimeout: '30s',
    externalBuilders: [
      {
        name: 'ccaas_builder',
        path: join(stateDir, 'builders', 'ccaas'),
        propagateEnvironment: ['CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG'],
      },
    ],
    system: { _lifecycle: 'enable', cscc: 'enable', lscc: 'enable', qscc: 'enable' },
    logging: { level: 'info', shim: 'warning' },
    runtimeParams: {
      useWriteBatch: true,
      maxSizeWriteBatch: 1000,
      useGetMultipleKeys: true,
      maxSizeGetMultipleKeys: 1000,
    },
  };
}
