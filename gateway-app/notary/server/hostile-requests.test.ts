// SPDX-License-Identifier: Apache-2.0

import { once } from 'node:events';
import { type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type TLSSocket } from 'node:tls';
import { encode } from '@gridpeg/protocol';
import { grid, packetBatchFixture, proofOf } from '@gridpeg/protocol/testing';
import { pino } from 'pino';
import { NotaryMetrics } from '../metrics/notary-metrics';
import { signRequestCodec, type SignResponse } from '../messages/sign-messages';
import { newNotaryServer } from './notary-server';

const answer: SignResponse = { notary: grid.mspId, signature: 'AAAA', epoch: 1, source: 'compared' };
const request = encode(signRequestCodec, { proof: proofOf(packetBatchFixture) });
const certificate = grid.client.certificate;
const privateKey = grid.client.key.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('T34: a caller that writes what it likes', () => {
  let server: Server;
  let signer: () => Promise<SignResponse>;
  const logged: string[] = [];

  beforeAll(async () => {
    server = await newNotaryServer({
      identity: { mspId: grid.mspId, certificate, privateKey },
      signer: { sign: () => signer() },
      callerOf: () => grid.mspId,
      health: () => ({ signing: { well: true } }),
      readiness: () => Promise.reject(new Error('not asked for')),
      metrics: new NotaryMetrics(grid.mspId),
      log: pino({ base: null }, { write: (line: string) => void logged.push(line) }),
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  beforeEach(() => {
    signer = () => Promise.resolve(answer);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const open = (): TLSSocket => {
    const { port } = server.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1', cert: certificate, key: privateKey, rejectUnauthorized: false });
    return socket.on('error', () => undefined);
  };
  /** Sends bytes, and gives all that comes back until the server ends the connection. */
  const exchange = async (bytes: string): Promise<string> => {
    const socket = open();
    let told = '';
    socket.on('data', (piece: Buffer) => (told += piece.toString()));
    socket.write(bytes);
    await once(socket, 'close');
    return told;
  };
  const end = 'GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
  const headed = (method = '', path = '', headers = ''): string =>
    `${method} ${path} HTTP/1.1\r\nhost: x\r\n${headers}\r\n`;

  test.each([
    ...['PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE', 'QUERY', 'PROPFIND'].map((method) => [
      method,
      '/v1/sign',
    ]),
    ...['HEAD', 'POST', 'OPTIONS'].map((method) => [method, '/health']),
    ...['/%', '/%zz', '/%ff', '//health', '/health/', '/HEALTH', '/health;x', '/../health', '*', '/v1/sign'].map(
      (path) => ['GET', path],
    ),
    ['GET', `/${'x'.repeat(8_000)}`],
  ])('learns from %s %s that there is no such thing', async (method, path) => {
    const told = await exchange(`${headed(method, path)}${end}`);
    expect(told).toMatch(/^HTTP\/1\.1 404 /);
    if (method !== 'HEAD') expect(told).toContain('{"code":"ROUTE_UNKNOWN"}');
    expect(told).not.toMatch(/statusCode|fastify|FST_/i);
  });

  test.each(['', 'content-type: text/plain\r\n', 'content-type: ;;/\r\n', 'accept-version: 9\r\n'])(
    'gets a signature whatever it calls its body: %j',
    async (headers) => {
      const length = `content-length: ${request.length.toString()}\r\nconnection: close\r\n`;
      const told = await exchange(`${headed('POST', '/v1/sign', `${headers}${length}`)}${request}`);
      expect(told).toMatch(/^HTTP\/1\.1 200 /);
    },
  );

  test.each([
    ['no HTTP', 'nonsense\r\n\r\n', 400],
    ['too long a header', headed('GET', '/health', `x: ${'x'.repeat(20_000)}\r\n`), 431],
    ['two lengths', headed('POST', '/v1/sign', 'content-length: 1\r\ncontent-length: 2\r\n'), 400],
    ['a length and chunks', headed('POST', '/v1/sign', 'content-length: 1\r\ntransfer-encoding: chunked\r\n'), 400],
    ['no body', headed('POST', '/v1/sign', 'connection: close\r\n'), 400],
    ['a huge body to nowhere', headed('POST', '/v1/other', 'content-length: 9999999\r\nconnection: close\r\n'), 404],
  ])('is refused for %s', async (_what, bytes, status) => {
    const told = await exchange(bytes);
    expect(told).toMatch(new RegExp(`^HTTP/1\\.1 ${status.toString()} `));
    expect(told).not.toMatch(/statusCode|fastify|FST_/i);
  });

  test('gets no answer written into another one', async () => {
    signer = () => sleep(100).then(() => answer);
    const length = `content-length: ${request.length.toString()}\r\n`;
    const told = await exchange(`${headed('POST', '/v1/sign', length)}${request}nonsense\r\n\r\n`);
    expect(told.match(/HTTP\/1\.1/g)?.length ?? 0).toBeLessThanOrEqual(1);
  });

  test('that sends half a body and leaves is refused, and logged once a minute', async () => {
    logged.length = 0;
    for (let count = 0; count < 3; count += 1) {
      const socket = open();
      await once(socket, 'secureConnect');
      socket.write(`${headed('POST', '/v1/sign', 'content-length: 1000\r\n')}{`);
      await sleep(50);
      socket.destroy();
    }
    expect(await exchange(end)).toMatch(/200/);
    expect(logged.filter((line) => line.includes('request failed'))).toEqual([]);
    expect(logged.filter((line) => line.includes('REQUEST_MALFORMED')).length).toBeLessThanOrEqual(1);
  });

  test('is waited for no longer than ten seconds', () => {
    expect([server.requestTimeout, server.headersTimeout, server.keepAliveTimeout]).toEqual([10_000, 10_000, 60_000]);
    expect(server.maxConnections).toBe(512);
  });
});
