// SPDX-License-Identifier: Apache-2.0

import { chargingMember, grid, identityOf } from '@gridpeg/protocol/testing';
import { type AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { requireAuthorities } from './peer-authority';

describe('the TLS authority that a profile names for a peer', () => {
  const name = 'peer0.grid.example.com';
  const { certificate, key } = identityOf(grid, { commonNames: [name] });
  const privateKey = key.export({ format: 'pem', type: 'pkcs8' });
  const server = createServer({ cert: certificate, key: privateKey, ALPNProtocols: ['h2'] }, (socket) => {
    socket.on('error', () => socket.destroy());
  });
  let endpoint = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `127.0.0.1:${(server.address() as AddressInfo).port.toString()}`;
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
  });
  const judge = (changes: object): Promise<void> =>
    requireAuthorities(
      [{ name, endpoint, hostAlias: name, tlsCaCert: grid.caCertificate, ...changes }],
      'profile.json',
    );
  const differs = { code: 'PROFILE_AUTHORITY_DIFFERS' };

  test('is that of the certificate which the peer shows', async () => {
    await expect(judge({})).resolves.toBeUndefined();
  });
  test('is told from a peer that does not answer when it is another one, or the host name is', async () => {
    await expect(judge({ tlsCaCert: chargingMember.caCertificate })).rejects.toMatchObject(differs);
    await expect(judge({ hostAlias: 'peer1.grid.example.com' })).rejects.toMatchObject(differs);
  });
  test('is not judged where nobody answers', async () => {
    await expect(judge({ endpoint: '127.0.0.1:1' })).resolves.toBeUndefined();
  });
});
