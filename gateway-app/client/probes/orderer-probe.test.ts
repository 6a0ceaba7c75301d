// SPDX-License-Identifier: Apache-2.0

import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { grid, identityOf, keyNamed } from '@gridpeg/protocol/testing';
import { common, msp, orderer } from '@hyperledger/fabric-protos';
import { connectionTo, FakePeer } from '../testing/fake-peer';
import { groupsOf, valuesOf } from './config-groups';
import { orderersIn, type OrdererEndpoint } from './orderer-probe';
import { PeerProbe } from './peer-probe';

const { certificate, key } = identityOf(grid, { commonNames: ['localhost'], units: [], key: keyNamed('localhost') });

function block(): orderer.DeliverResponse {
  const response = new orderer.DeliverResponse();
  response.setBlock(new common.Block());
  return response;
}
function refusal(status: Parameters<orderer.DeliverResponse['setStatus']>[0]): orderer.DeliverResponse {
  const response = new orderer.DeliverResponse();
  response.setStatus(status);
  return response;
}

describe('T33: asking an orderer whether it knows a leader', () => {
  const asked: common.Envelope[] = [];

  /** @param answer - undefined for an orderer that says nothing */
  const startOrderer = async (answer: orderer.DeliverResponse | undefined) => {
    const server = new Server();
    const deliver = {
      ...{ path: '/orderer.AtomicBroadcast/Deliver', requestStream: true, responseStream: true },
      requestSerialize: () => Buffer.alloc(0),
      requestDeserialize: (bytes: Buffer) => common.Envelope.deserializeBinary(bytes),
      responseSerialize: (message: orderer.DeliverResponse) => Buffer.from(message.serializeBinary()),
      responseDeserialize: (bytes: Buffer) => bytes,
    };
    server.addService(
      { deliver },
      {
        deliver: (call: ServerDuplexStream<common.Envelope, orderer.DeliverResponse>) => {
          call.on('data', (request: common.Envelope) => {
            asked.push(request);
            if (answer !== undefined) call.write(answer);
          });
        },
      },
    );
    const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
    const credentials = ServerCredentials.createSsl(null, [
      { cert_chain: Buffer.from(certificate), private_key: Buffer.from(pem) },
    ]);
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', credentials, (error, bound) => {
        if (error === null) resolve(bound);
        else reject(error);
      });
    });
    return { endpoint: `localhost:${port.toString()}`, stop: () => server.forceShutdown() };
  };

  const ask = async (endpoint: OrdererEndpoint): Promise<boolean | undefined> => {
    const peer = await FakePeer.start();
    const probe = new PeerProbe(peer.endpoint(), 'city', connectionTo([]).identity);
    try {
      return await probe.knowsLeader(endpoint, Date.now() + 2_000);
    } finally {
      probe.close();
      peer.stop();
    }
  };

  test.each([
    ['gives a block', block(), true],
    ['refuses because it knows none', refusal(common.Status.SERVICE_UNAVAILABLE), false],
    ['refuses for another reason', refusal(common.Status.FORBIDDEN), undefined],
    ['says nothing', undefined, undefined],
  ])('it %s', async (_what, answer, expected) => {
    const { endpoint, stop } = await startOrderer(answer);
    asked.length = 0;
    try {
      expect(await ask({ endpoint, tlsCaCerts: grid.caCertificate })).toBe(expected);
      expect(asked).toHaveLength(1);
      expect(asked[0]!.getSignature_asU8().length).toBeGreaterThan(60);
    } finally {
      stop();
    }
  });

  test('nothing is known of one that cannot be reached, or is another than the channel names', async () => {
    const { endpoint, stop } = await startOrderer(block());
    expect(await ask({ endpoint, tlsCaCerts: identityOf(grid, { commonNames: ['x'], units: [] }).certificate })).toBe(
      undefined,
    );
    stop();
    expect(await ask({ endpoint, tlsCaCerts: grid.caCertificate })).toBe(undefined);
  });

  test('the orderers are those that the organizations of the ordering service have in the configuration', () => {
    const value = (message: { serializeBinary: () => Uint8Array }): common.ConfigValue => {
      const wrapped = new common.ConfigValue();
      wrapped.setValue(message.serializeBinary());
      return wrapped;
    };
    const authorities = new msp.FabricMSPConfig();
    authorities.setTlsRootCertsList([Buffer.from('root')]);
    authorities.setTlsIntermediateCertsList([Buffer.from('intermediate')]);
    const membership = new msp.MSPConfig();
    membership.setConfig(authorities.serializeBinary());
    const addresses = new common.OrdererAddresses();
    addresses.setAddressesList(['a:1', 'b:2']);
    const organization = new common.ConfigGroup();
    valuesOf(organization).set('MSP', value(membership));
    valuesOf(organization).set('Endpoints', value(addresses));
    const service = new common.ConfigGroup();
    groupsOf(service).set('Orderers', organization);
    const channel = new common.ConfigGroup();
    groupsOf(channel).set('Orderer', service);
    const config = new common.Config();
    config.setChannelGroup(channel);
    const tlsCaCerts = 'root\nintermediate';
    expect(orderersIn(config)).toEqual([
      { endpoint: 'a:1', tlsCaCerts },
      { endpoint: 'b:2', tlsCaCerts },
    ]);
    expect(orderersIn(new common.Config())).toEqual([]);
  });
});
