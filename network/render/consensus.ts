// SPDX-License-Identifier: Apache-2.0

import { join } from 'node:path';

import type { Chain } from '../topology/topology';
import { ordererDir, portOf, type Placement } from './layout';

/**
 * Renders the part of a configtx.yaml's orderer section that is particular to a consensus: who orders, and how
 * patiently.
 *
 * Nodes share one machine, so a dead leader is missed after seconds, not after Fabric's minute.
 */
export function consensusSection(ordering: Chain['ordering'], placement: Placement): object {
  const consenters = ordering.orderers.map((orderer) => consenter(ordering, orderer, placement));
  return ordering.consensus === 'BFT' ? smartBft(ordering, consenters) : raft(consenters);
}

interface Consenter {
  readonly signingCertificate: string;
  readonly address: { readonly Host: string; readonly Port: number };
  readonly tls: { readonly ClientTLSCert: string; readonly ServerTLSCert: string };
}

function consenter({ domain }: Chain['ordering'], orderer: string, { stateDir, ports, hostOf }: Placement): Consenter {
  const node = `${orderer}.${domain}`;
  const folder = ordererDir(stateDir, domain, orderer);
  const certificate = join(folder, 'tls', 'server.crt');
  return {
    signingCertificate: join(folder, 'msp', 'signcerts', `${node}-cert.pem`),
    address: { Host: hostOf(node), Port: portOf(ports, node, 'listen') },
    tls: { ClientTLSCert: certificate, ServerTLSCert: certificate },
  };
}

function raft(consenters: readonly Consenter[]): object {
  return {
    EtcdRaft: {
      Consenters: consenters.map(({ address, tls }) => ({ ...address, ...tls })),
      Options: {
        TickInterval: '100ms',
        ElectionTick: 10,
        HeartbeatTick: 1,
        MaxInflightBlocks: 5,
        SnapshotIntervalSize: '16 MB',
      },
    },
  };
}

function smartBft({ mspId, batchTimeout }: Chain['ordering'], consenters: readonly Consenter[]): object {
  return {
    ConsenterMapping: consenters.map(({ address, tls, signingCertificate }, index) => ({
      ...{ ID: index + 1, ...address, MSPID: mspId },
      ...{ Identity: signingCertificate, ...tls },
    })),
    SmartBFT: {
      // The size of blocks is taken from BatchSize, but BatchTimeout is not looked at.
      RequestBatchMaxInterval: batchTimeout,
      RequestForwardTimeout: '2s',
      RequestComplainTimeout: '8s',
      RequestAutoRemoveTimeout: '3m',
      ViewChangeResendInterval: '2s',
      ViewChangeTimeout: '10s',
      LeaderHeartbeatTimeout: '10s',
      LeaderHeartbeatCount: 10,
      CollectTimeout: '1s',
      IncomingMessageBufferSize: 200,
      RequestPoolSize: 100_000,
    },
  };
}
