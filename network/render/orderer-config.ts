// SPDX-License-Identifier: Apache-2.0

import { join } from 'node:path';

import { stringify } from 'yaml';

import { listenAddressOf, nodeDir, ordererDir, portOf, type Placement } from './layout';

/** What distinguishes one orderer from another. */
export interface OrdererIdentity {
  readonly mspId: string;
  readonly domain: string;
  readonly orderer: string;
}

/**
 * Renders orderer.yaml of one orderer.
 *
 * @param identity - whose orderer it is
 * @param placement - its `listen`, `admin` and `operations` ports
 */
export function renderOrdererConfig(identity: OrdererIdentity, placement: Placement): string {
  const { stateDir, ports, bindAddress } = placement;
  const { mspId, domain, orderer } = identity;
  const node = `${orderer}.${domain}`;
  const identityDir = ordererDir(stateDir, domain, orderer);
  const data = join(nodeDir(stateDir, node), 'data');
  const tls = {
    Enabled: true,
    PrivateKey: join(identityDir, 'tls', 'server.key'),
    Certificate: join(identityDir, 'tls', 'server.crt'),
    RootCAs: [join(identityDir, 'tls', 'ca.crt')],
  };
  return stringify(
    {
      General: {
        ListenAddress: bindAddress,
        ListenPort: portOf(ports, node, 'listen'),
        TLS: { ...tls, ClientAuthRequired: false, ClientRootCAs: [] },
        Keepalive: { ServerMinInterval: '60s', ServerInterval: '7200s', ServerTimeout: '20s' },
        Backoff: { BaseDelay: '1s', Multiplier: 1.6, MaxDelay: '2m' },
        MaxRecvMsgSize: 104857600,
        MaxSendMsgSize: 104857600,
        Throttling: { Rate: 0, InactivityTimeout: '5s' },
        Cluster: {
          SendBufferSize: 100,
          ClientCertificate: tls.Certificate,
          ClientPrivateKey: tls.PrivateKey,
          ReplicationPolicy: '',
        },
        LocalMSPDir: join(identityDir, 'msp'),
        LocalMSPID: mspId,
        BCCSP: { Default: 'SW', SW: { Hash: 'SHA2', Security: 256, FileKeyStore: { KeyStore: '' } } },
        Authentication: { TimeWindow: '15m' },
      },
      FileLedger: { Location: join(data, 'ledger') },
      Operations: { ListenAddress: listenAddressOf(placement, node, 'operations'), TLS: { Enabled: false } },
      Metrics: { Provider: 'prometheus' },
      Admin: {
        ListenAddress: listenAddressOf(placement, node, 'admin'),
        TLS: { ...tls, ClientAuthRequired: true, ClientRootCAs: tls.RootCAs },
      },
      ChannelParticipation: { Enabled: true, MaxRequestBodySize: '1 MB' },
      Consensus: { WALDir: join(data, 'etcdraft', 'wal'), SnapDir: join(data, 'etcdraft', 'snapshot') },
    },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
}
