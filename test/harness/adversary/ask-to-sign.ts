// SPDX-License-Identifier: Apache-2.0

import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { networkStatus } from '@gridpeg/network';
import { type EndorsedProof } from '@gridpeg/protocol';
import { type OrganizationName, type TestNetwork } from '../network/test-network';

/** What a running notary answers to a request for its signature: the status, and the record. */
export async function askToSign(
  network: TestNetwork,
  notary: OrganizationName,
  proof: EndorsedProof,
): Promise<{ readonly status: number | undefined; readonly answer: Readonly<Record<string, unknown>> }> {
  const url = await urlOf(network, notary, '/v1/sign');
  const { certificate: cert, privateKey: key } = network.identity('RegulatorMSP', 'User2');
  const body = JSON.stringify({ proof });
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: 'POST', cert, key, rejectUnauthorized: false }, (response) => {
      text(response).then((json) => {
        resolve({ status: response.statusCode, answer: JSON.parse(json) as Readonly<Record<string, unknown>> });
      }, reject);
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

/** What a running notary answers to anybody: `/health` or `/metrics`. */
export async function readNotary(network: TestNetwork, notary: OrganizationName, path: string): Promise<string> {
  const url = await urlOf(network, notary, path);
  return new Promise((resolve, reject) => {
    const asking = request(url, { rejectUnauthorized: false }, (response) => {
      text(response).then(resolve, reject);
    });
    asking.on('error', reject);
    asking.end();
  });
}

async function urlOf(network: TestNetwork, notary: OrganizationName, path: string): Promise<string> {
  const node = `notary.${network.organization(notary).domain}`;
  const nodes = await networkStatus({ stateDir: network.stateDir });
  const port = nodes.find(({ name }) => name === node)?.ports['listen'] ?? 0;
  return `https://127.0.0.1:${port.toString()}${path}`;
}
