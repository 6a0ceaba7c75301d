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
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { grid } from '@gridpeg/protocol/testing';
import { pino } from 'pino';
import { lineOf, memoryFileOf } from '../notary/slashing-protection/signing-record';
import { notaryHealth } from '../notary/messages/ask-notary';
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
    const key256 = await openSigningKey(signingKey, { environment: {}, tls: { authorities: [] } });
    history = join(config.dataDir, memoryFileOf(key256.publicKey));
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
      data: { file: history, line: 2 },
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
});
