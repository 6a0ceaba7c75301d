// SPDX-License-Identifier: Apache-2.0

import { common, msp, orderer } from '@hyperledger/fabric-protos';
import { groupsOf, valuesOf } from './config-groups';
import { grpcClient } from '../connection/grpc-client';

const deliverMethod = '/orderer.AtomicBroadcast/Deliver';

/** An orderer as the configuration of its channel names it. */
export interface OrdererEndpoint {
  /** `host:port` */
  readonly endpoint: string;
  /** PEM, of the authorities that may have issued its TLS certificate */
  readonly tlsCaCerts: string;
}

/** The orderers that a channel's configuration in force names. */
export function orderersIn(config: common.Config): readonly OrdererEndpoint[] {
  const channel = config.getChannelGroup();
  const service = channel && groupsOf(channel).get('Orderer');
  if (service === undefined) return [];
  return [...groupsOf(service).entries()].flatMap(([, organization]) => {
    const value = (name: string): Uint8Array => valuesOf(organization).get(name)?.getValue_asU8() ?? new Uint8Array();
    const membership = msp.MSPConfig.deserializeBinary(value('MSP')).getConfig_asU8();
    const authorities = msp.FabricMSPConfig.deserializeBinary(membership);
    const tls = [...authorities.getTlsRootCertsList_asU8(), ...authorities.getTlsIntermediateCertsList_asU8()];
    const tlsCaCerts = tls.map((pem) => Buffer.from(pem).toString('utf8')).join('\n');
    const addresses = common.OrdererAddresses.deserializeBinary(value('Endpoints')).getAddressesList();
    return addresses.map((endpoint) => ({ endpoint, tlsCaCerts }));
  });
}

/**
 * Asks an orderer for a block. One that knows no leader refuses, while it still judges transactions that nobody has
 * signed: so only this tells that too few orderers run.
 *
 * @param request - for blocks, signed by a member of the channel
 * @returns undefined when it cannot be reached from here, or says something else
 */
export async function knowsLeader(
  { endpoint, tlsCaCerts }: OrdererEndpoint,
  request: common.Envelope,
  deadlineMs: number,
): Promise<boolean | undefined> {
  const client = grpcClient({ endpoint, hostAlias: endpoint.replace(/:\d+$/, ''), tlsCaCert: tlsCaCerts });
  try {
    return await new Promise<boolean | undefined>((resolve) => {
      const stream = client.makeBidiStreamRequest(
        deliverMethod,
        (message: common.Envelope) => Buffer.from(message.serializeBinary()),
        (bytes: Buffer) => orderer.DeliverResponse.deserializeBinary(bytes),
        { deadline: deadlineMs },
      );
      stream.once('error', () => {
        resolve(undefined);
      });
      stream.once('data', (response: orderer.DeliverResponse) => {
        if (response.hasBlock()) resolve(true);
        else resolve(response.getStatus() === common.Status.SERVICE_UNAVAILABLE ? false : undefined);
      });
      stream.once('end', () => {
        resolve(undefined);
      });
      stream.write(request);
    });
  } finally {
    client.close();
  }
}
