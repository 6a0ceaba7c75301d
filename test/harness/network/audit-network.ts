// SPDX-License-Identifier: Apache-2.0

import { audit, type AuditReport } from '@gridpeg/gateway-app';
import { type TestNetwork } from './test-network';

/** Audits all chains, from their blocks, as a member of all of them. */
export function auditNetwork(network: TestNetwork): Promise<AuditReport> {
  const chains = (['city', 'microgrid', 'charging'] as const).map((name) => ({
    name,
    chainId: network.chain(name).chainId,
    chaincodeName: network.chain(name).chaincode.name,
    peers: (['RegulatorMSP', 'MicrogridMSP'] as const).map((organization) => {
      return { organization, connection: network.client(name, organization).connection };
    }),
  }));
  return audit(chains);
}
