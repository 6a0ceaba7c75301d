// SPDX-License-Identifier: Apache-2.0

import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { city, grid, identityOf } from '@gridpeg/protocol/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { connectionTo, FakePeer } from '../client/testing/fake-peer';
import { lineOf, historyFileOf } from '../notary/slashing-protection/signing-record';
import { notaryHealth } from '../notary/messages/ask-notary';
import { askOverTls } from '../notary/messages/mutual-tls';
import { type NotaryConfig } from '../notary/chains/notary-config';
import { runNotary, type RunningNotary } from './run-notary';
import { openSigningKey } from '../notary/signing/signing-key';

const log = pino({ level: 'silent' });
const pem = (key: typeof grid.notaryKey): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('T48: a notary that starts', () => {
  let folder: string;
  let config: NotaryConfig;
  let history: string;
  const running: RunningNotary[] = [];
  const line = lineOf({ subject: `packets city-0 ${'1'.repeat(64)}`, content: '2'.repeat(64) });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-run-'));
    const signingKey = join(folder, 'signing-key.pem');
    writeFileSync(signingKey, pem(grid.notaryKey));
    const { mspId, certificate, key } = grid.client;
    config = {
      mspId: grid.mspId,
      identity: { mspId, certificate, privateKey: pem(key) },
      ...{ signingKey, dataDir: join(folder, 'data'), notaries: [], relay: true, chains: [] },
      listen: { host: '127.0.0.1', port: 0 },
    };
    const key256 = await openSigningKey(signingKey, { environment: {}, tls: () => ({ authorities: [] }) });
    history = join(config.dataDir, historyFileOf(key256.publicKey));
  });
  afterEach(async () => {
    for (const notary of running.splice(0)) await notary.stop();
    rmSync(folder, { recursive: true });
  });

  const start = async (changed: Partial<NotaryConfig> = {}): Promise<RunningNotary> => {
    const notary = await runNotary({ config: { ...config, ...changed }, log });
    running.push(notary);
    return notary;
  };
  const portOf = ({ url }: RunningNotary): number => Number(new URL(url).port);
  const freePort = (): Promise<number> =>
    new Promise((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        server.close(() => resolve(port));
      });
    });
  const isFree = (port: number): Promise<boolean> =>
    new Promise((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });

  test('says of itself that it can sign', async () => {
    const { url } = await start();
    expect(await notaryHealth(url, [grid.caCertificate], 60_000)).toMatchObject({ signing: { well: true }, lanes: [] });
  });

  test('touches neither key nor history when its port is taken', async () => {
    const port = portOf(await start());
    const dataDir = join(folder, 'other');
    const second = start({ dataDir, signingKey: '/nowhere', listen: { host: '127.0.0.1', port } });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(existsSync(dataDir)).toBe(false);
  });

  test('does not use the history of another one, gives its port back, and goes on once that has stopped', async () => {
    await start();
    const port = await freePort();
    const other = { listen: { host: '127.0.0.1', port } };
    await expect(start(other)).rejects.toMatchObject({ code: 'SIGNING_HISTORY_LOCKED' });
    expect(await isFree(port)).toBe(true);
    await running.splice(0)[0]!.stop();
    await start(other);
  });

  test('does not start on a damaged history, and leaves neither port nor lock behind', async () => {
    mkdirSync(config.dataDir);
    writeFileSync(history, `${line}damage\n${line}`);
    const port = await freePort();
    await expect(start({ listen: { host: '127.0.0.1', port } })).rejects.toMatchObject({
      code: 'SIGNING_HISTORY_DAMAGED',
      details: { file: history, line: 2 },
    });
    expect(await isFree(port)).toBe(true);
    expect(readdirSync(config.dataDir)).toEqual([history.slice(config.dataDir.length + 1)]);
  });

  test('starts on a history whose last line was cut short', async () => {
    mkdirSync(config.dataDir);
    writeFileSync(history, line);
    appendFileSync(history, line.slice(0, -1));
    await start();
    expect(readFileSync(history, 'utf8')).toBe(line);
  });

  describe('reads its certificate again', () => {
    const renewed = identityOf(grid, { units: ['client'], serial: '77' });
    const asIdentity = ({ mspId, certificate, key }: typeof grid.client) => ({
      mspId,
      certificate,
      privateKey: pem(key),
    });
    let identity: NotaryConfig['identity'];
    let notary: RunningNotary;
    beforeEach(async () => {
      identity = config.identity;
      notary = await runNotary({ config, log, reread: () => ({ ...config, identity }) });
      running.push(notary);
    });

    const told = async (path: string): Promise<string> => {
      const tls = { authorities: [grid.caCertificate] };
      const signal = AbortSignal.timeout(60_000);
      const url = new URL(path, notary.url);
      return (await askOverTls({ url, method: 'GET', tls, signal, maximumAnswerBytes: 1e6 })).body;
    };
    const shownSerial = async (): Promise<string | undefined> => {
      const socket = connect({ host: '127.0.0.1', port: portOf(notary), rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      const serial = socket.getPeerX509Certificate()?.serialNumber;
      expect(socket.getProtocol()).toBe('TLSv1.3');
      socket.destroy();
      return serial?.replace(/^0+/, '');
    };
    const gauge = async (): Promise<string | undefined> =>
      /^gridpeg_notary_credentials_current\S* (\d)/m.exec(await told('/metrics'))?.[1];

    test('and shows a renewed one, without a restart', async () => {
      const before = await shownSerial();
      identity = asIdentity(renewed);
      notary.reload();
      expect(before).not.toBe('77');
      expect([await shownSerial(), await gauge()]).toEqual(['77', '1']);
      expect(JSON.parse(await told('/readyz'))).toMatchObject({ ready: true, checks: { credentials: 'ok' } });
    });

    test('CREDENTIALS_UNUSABLE: and goes on with the one of before where the new one is unusable', async () => {
      const before = await shownSerial();
      identity = { ...asIdentity(renewed), privateKey: config.identity.privateKey };
      notary.reload();
      expect([await shownSerial(), await gauge()]).toEqual([before, '0']);
      expect(JSON.parse(await told('/readyz'))).toEqual({
        ready: false,
        checks: { signing: 'ok', ledgers: 'ok', credentials: 'CREDENTIALS_UNUSABLE' },
      });
    });
  });

  test('reaches its peers again when what lies in its files has changed', async () => {
    const peers = [await FakePeer.start(), await FakePeer.start()] as const;
    const chainsAt = (peer: FakePeer): NotaryConfig['chains'] => [
      { ...connectionTo([peer.endpoint()]), name: 'city', chainId: city },
    ];
    let chains = chainsAt(peers[0]);
    const reread = () => ({ ...config, chains });
    const notary = await runNotary({ config: { ...config, relay: false, chains }, log, reread });
    running.push(notary);
    while (peers[0].calls.length === 0) await sleep(10);
    chains = chainsAt(peers[1]);
    notary.reload();
    while (peers[1].calls.length === 0) await sleep(10);
    for (const peer of peers) peer.stop();
  });

  test('listens at an IPv6 address', async () => {
    const { url } = await start({ listen: { host: '::1', port: 0 } });
    expect(url).toMatch(/^https:\/\/\[::1\]:\d+$/);
    expect(await notaryHealth(url, [grid.caCertificate], 60_000)).toMatchObject({ signing: { well: true } });
  });
});
