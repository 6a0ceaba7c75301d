// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { encode, signMessage } from '@gridpeg/protocol';
import {
  charging,
  city,
  configurationOf,
  grid,
  packetBatchFixture,
  proofOf,
  publicKeyOf,
  trustIn,
} from '@gridpeg/protocol/testing';
import { pino } from 'pino';
import { PegError } from '../../client';
import { notaryHealth } from '../messages/ask-notary';
import { askOverTls } from '../messages/mutual-tls';
import { NotaryMetrics } from '../metrics/notary-metrics';
import { ReadinessChecks } from '../server/readiness';
import { newNotaryServer } from '../server/notary-server';
import { signRequestCodec } from '../messages/sign-messages';
import { Signer } from './signer';
import { SigningHealth } from './signing-health';
import { SigningHistory } from '../slashing-protection/signing-history';

const { certificate, key, mspId } = grid.client;
const identity = { mspId, certificate, privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString() };

describe('T48: a notary that cannot sign for a while', () => {
  let folder: string;
  let signingHistory: SigningHistory;
  let signing: SigningHealth;
  let server: Server;
  let metrics: NotaryMetrics;
  let isFull: boolean;
  let isKeyAway: boolean;
  const logged: string[] = [];

  beforeEach(async () => {
    [isFull, isKeyAway] = [false, false];
    logged.length = 0;
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-health-'));
    signingHistory = await SigningHistory.open(join(folder, 'signed'), async (path) => {
      const file = await open(path, 'r+');
      const write = file.write.bind(file) as (...asked: readonly unknown[]) => unknown;
      const full = (): Promise<never> => Promise.reject(new Error('ENOSPC: no space left on device, write'));
      return Object.assign(file, { write: (...asked: readonly unknown[]) => (isFull ? full() : write(...asked)) });
    });
    const signer = new Signer({
      mspId: grid.mspId,
      source: { check: () => Promise.resolve('proof-only') },
      key: {
        publicKey: publicKeyOf(grid.notaryKey),
        sign: (message) =>
          isKeyAway
            ? Promise.reject(new PegError({ code: 'SIGNING_KEY_FAILED' }))
            : Promise.resolve(signMessage(grid.notaryKey, message)),
      },
      signingHistory,
      configurations: () => [{ ...configurationOf(charging), chains: [trustIn(city)] }],
    });
    const log = pino({ base: null }, { write: (line: string) => void logged.push(line) });
    const probe = async (): Promise<void> => {
      await signingHistory.probe();
      if (isKeyAway) throw new PegError({ code: 'SIGNING_KEY_FAILED' });
    };
    signing = new SigningHealth({ signer, probe, log, probeMs: 20 });
    metrics = new NotaryMetrics(grid.mspId);
    metrics.watch({
      ...{ sequences: () => ({}), lanes: () => [], hasCredentials: () => true },
      canSign: () => signing.lastError === undefined,
    });
    const well = () => Promise.resolve(undefined);
    const readiness = new ReadinessChecks({ signing: () => signing.check(), ledgers: well, credentials: well });
    server = await newNotaryServer({
      ...{ identity, signer: signing, metrics, log, callerOf: () => mspId },
      health: () => {
        const { lastError } = signing;
        const told = lastError === undefined ? { well: true } : { well: false, lastError };
        return { mspId, signing: told, relay: false, chains: [], lanes: [] };
      },
      readiness: () => readiness.current(),
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    signing.close();
    await signingHistory.close();
    rmSync(folder, { recursive: true });
  });

  const url = (path: string): URL => new URL(path, `https://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const ask = async () => {
    const body = encode(signRequestCodec, { proof: proofOf(packetBatchFixture) });
    const tls = { own: identity, authorities: [grid.caCertificate] };
    const signal = AbortSignal.timeout(60_000);
    const told = await askOverTls({ url: url('/v1/sign'), method: 'POST', body, tls, signal, maximumAnswerBytes: 1e6 });
    return { status: told.status, code: (JSON.parse(told.body) as { readonly code?: string }).code };
  };
  const health = async () => (await notaryHealth(url('').href, [grid.caCertificate], 60_000)).signing;
  const gauge = async () => /^gridpeg_notary_can_sign\S* (\d)/m.exec((await metrics.exposition()).body)?.[1];
  const waitUntilWell = async (): Promise<void> => {
    while (!(await health()).well) await sleep(10);
  };

  test.each([
    ['its disk is full', 'SIGNING_HISTORY_FAILED', (is: boolean) => (isFull = is)],
    ['its key does not sign', 'SIGNING_KEY_FAILED', (is: boolean) => (isKeyAway = is)],
  ])('because %s says so everywhere, once in its log, and heals by itself', async (_why, code, fail) => {
    expect([await health(), await gauge()]).toEqual([{ well: true }, '1']);
    fail(true);
    for (let count = 0; count < 3; count += 1) expect(await ask()).toEqual({ status: 503, code });
    expect([await health(), await gauge()]).toEqual([{ well: false, lastError: code }, '0']);
    await sleep(100);
    expect(await health()).toEqual({ well: false, lastError: code });
    fail(false);
    // Nobody asks for a signature meanwhile.
    await waitUntilWell();
    expect(await gauge()).toBe('1');
    expect(await ask()).toEqual({ status: 200, code: undefined });
    expect(logged.filter((line) => line.includes('cannot sign'))).toHaveLength(1);
    expect(logged.filter((line) => line.includes('signs again'))).toHaveLength(1);
  });

  test.each([
    ['its disk is full', 'SIGNING_HISTORY_FAILED', (is: boolean) => (isFull = is)],
    ['its key does not sign', 'SIGNING_KEY_FAILED', (is: boolean) => (isKeyAway = is)],
  ])('because %s is not ready, though nobody has asked for a signature', async (_why, code, fail) => {
    fail(true);
    const signal = AbortSignal.timeout(60_000);
    const asked = {
      method: 'GET',
      tls: { authorities: [grid.caCertificate] },
      signal,
      maximumAnswerBytes: 1e6,
    } as const;
    const { status, body } = await askOverTls({ url: url('/readyz'), ...asked });
    expect([status, JSON.parse(body)]).toEqual([
      503,
      { ready: false, checks: { signing: code, ledgers: 'ok', credentials: 'ok' } },
    ]);
    expect(await askOverTls({ url: url('/healthz'), ...asked })).toMatchObject({ status: 200 });
  });

  test('heals by the first request that succeeds as well', async () => {
    isFull = true;
    expect(await ask()).toMatchObject({ status: 503 });
    isFull = false;
    expect(await ask()).toMatchObject({ status: 200 });
    expect(await health()).toEqual({ well: true });
  });

  test('is not said to fail by what it refuses', async () => {
    const proof = { ...proofOf(packetBatchFixture), endorsements: [] };
    await expect(signing.sign({ proof })).rejects.toThrow();
    expect(await health()).toEqual({ well: true });
  });
});
