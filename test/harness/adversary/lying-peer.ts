// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConnectionOptions } from '@gridpeg/gateway-app';
import {
  Client,
  credentials,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { peer as peerMessages } from '@hyperledger/fabric-protos';

type PeerEndpoint = ConnectionOptions['peers'][number];

/** Replaces a response of a stream of blocks that the peer gave; undefined: there is none at all. */
export type Lie = (response: peerMessages.DeliverResponse) => peerMessages.DeliverResponse | undefined;

/** A peer that lies about its blocks. */
export interface LyingPeer {
  readonly endpoint: PeerEndpoint;
  readonly close: () => void;
}

const same = (bytes: Buffer): Buffer => bytes;

/**
 * Stands before a peer, with its key for TLS: what is asked goes on to the peer, and its streams of blocks come back
 * with lies.
 */
export async function startLyingPeer(stateDir: string, honest: PeerEndpoint, lie: Lie): Promise<LyingPeer> {
  const client = new Client(honest.endpoint, credentials.createSsl(Buffer.from(honest.tlsCaCert)), {
    'grpc.ssl_target_name_override': honest.hostAlias,
  });
  const server = new Server();
  const evaluate = '/gateway.Gateway/Evaluate';
  server.register(
    evaluate,
    (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => {
      client.makeUnaryRequest(evaluate, same, same, call.request, callback);
    },
    same,
    same,
    'unary',
  );
  for (const path of ['/protos.Deliver/Deliver', '/protos.Deliver/DeliverFiltered']) {
    server.register(
      path,
      (call: ServerDuplexStream<Buffer, Buffer>) => {
        const stream = client.makeBidiStreamRequest(path, same, same);
        call.on('data', (bytes: Buffer) => stream.write(bytes));
        call.on('end', () => {
          stream.end();
        });
        call.on('cancelled', () => {
          stream.cancel();
        });
        stream.on('data', (bytes: Buffer) => {
          const told = lie(peerMessages.DeliverResponse.deserializeBinary(bytes));
          if (told !== undefined) call.write(Buffer.from(told.serializeBinary()));
        });
        stream.on('error', () => {
          call.end();
        });
        stream.on('end', () => {
          call.end();
        });
      },
      same,
      same,
      'bidi',
    );
  }
  const { hostAlias } = honest;
  const organization = join(
    stateDir,
    'organizations',
    'peerOrganizations',
    hostAlias.slice(hostAlias.indexOf('.') + 1),
  );
  const folder = join(organization, 'peers', hostAlias, 'tls');
  const [key, certificate] = ['server.key', 'server.crt'].map((name) => readFileSync(join(folder, name)));
  if (key === undefined || certificate === undefined) throw new Error(`no TLS key in ${folder}`);
  const secure = ServerCredentials.createSsl(null, [{ private_key: key, cert_chain: certificate }]);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', secure, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return {
    endpoint: { ...honest, endpoint: `127.0.0.1:${port.toString()}` },
    close: () => {
      server.forceShutdown();
      client.close();
    },
  };
}
