// SPDX-License-Identifier: Apache-2.0

import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { networkStatus } from '@gridpeg/network';
import { type EndorsedProof } from '@gridpeg/protocol';
import { type OrganizationName, type TestNetwork } from './test-network';

/** What a running notary answers to a request for its signature: the status, and the record. */
export async function askToSign(
  network: TestNetwork,
  notary: OrganizationName,
  proof: EndorsedProof,
): Promise<{ readonly status: number | undefined; readonly answer: Readonly<Record<string, unknown>> }> {
  const { stateDir } = network;
  const node = `notary.${network.organization(notary).domain}`;
  const ports = (await networkStatus({ stateDir })).find(({ name }) => name === node)?.ports;
  const { certificate: cert, privateKey: key } = network.identity('RegulatorMSP', 'User2');
  const body = JSON.stringify({ proof });
  return new Promise((resolve, reject) => {
    const url = `https://127.0.0.1:${(ports?.['listen'] ?? 0).toString()}/v1/sign`;
    const asking = request(url, { method: 'POST', cert, key, rejectUnauthorized: false }, (response) => {
      text(response).then((json) => {
        resolve({ status: response.statusCode, answer: JSON.parse(json) as Readonly<Record<string, unknown>> });
      }, reject);
    });
    asking.on('error', reject);
    asking.end(body);
  });
}
