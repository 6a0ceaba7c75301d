// SPDX-License-Identifier: Apache-2.0

import { createServer } from 'node:https';
import { once } from 'node:events';
import { networkStatus, stopNode } from '@gridpeg/network';
import { signBatch, verifyEndorsedProof, type Batch, type EndorsedProof, type TrustRecord } from '@gridpeg/protocol';
import { inContainers } from '../cli/gridpeg';
import { hostAddressFor, startFakeNode } from './fake-node';
import { mspId, type OrganizationName, type TestNetwork } from '../network/test-network';

/** A notary that signs something else than what it is asked for, at the true one's address and with its keys. */
export interface LyingNotary {
  /** How often it was asked. */
  readonly asked: () => number;
  readonly end: () => Promise<void>;
}

/**
 * Puts a liar in a notary's place, as the organization itself could.
 *
 * @param lie - what it signs instead of a true batch
 */
export async function startLyingNotary(
  network: TestNetwork,
  organization: OrganizationName,
  trust: TrustRecord,
  lie: (batch: Batch) => Batch,
): Promise<LyingNotary> {
  const { stateDir } = network;
  const node = `notary.${network.organization(organization).domain}`;
  const port = (await networkStatus({ stateDir })).find(({ name }) => name === node)?.ports['listen'];
  if (port === undefined) throw new Error(`${node} has no port`);
  await stopNode({ stateDir, node });
  const { certificate, privateKey } = network.identity(organization, 'User2');
  let asked = 0;
  const server = createServer({ cert: certificate, key: privateKey, minVersion: 'TLSv1.3' }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      try {
        const { proof } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { readonly proof: EndorsedProof };
        asked += 1;
        const { batch } = verifyEndorsedProof(proof, trust);
        const { notary, signature } = signBatch(
          lie(batch),
          trust,
          mspId(organization),
          network.notaryKey(organization),
        );
        response.end(JSON.stringify({ epoch: trust.committee.epoch, notary, signature }));
      } catch {
        // How it is, or a proof of another chain: it lies about one chain's packets only.
        response.writeHead(422).end();
      }
    });
  });
  const address = inContainers ? hostAddressFor(stateDir) : '127.0.0.1';
  server.listen(port, address);
  await once(server, 'listening');
  // Containers look for it by the name of the node.
  const endForwarding = inContainers
    ? await startFakeNode({ stateDir, node }, [port], forwarding(port, address))
    : undefined;
  return {
    asked: () => asked,
    end: async () => {
      await endForwarding?.();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A program that forwards whatever comes to a port. */
function forwarding(port: number, address: string): string {
  const listening = `.listen(${port.toString()}, () => console.log('up'))`;
  return `const net = require('node:net'); net.createServer((near) => {
    const far = net.connect(${port.toString()}, '${address}');
    const end = () => [near, far].forEach((socket) => socket.destroy());
    near.on('error', end).pipe(far.on('error', end)).pipe(near);
  })${listening}`;
}
