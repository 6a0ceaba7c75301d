// SPDX-License-Identifier: Apache-2.0

import { type Server } from 'node:https';
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { encode, type EndorsedProof } from '@gridpeg/protocol';
import {
  city,
  configurationOf,
  grid,
  identityOf,
  keyNamed,
  microgrid,
  microgridMember,
  packetBatchFixture,
  proofOf,
  regulator,
  type Identity,
} from '@gridpeg/protocol/testing';
import { pino } from 'pino';
import { PegError } from '../../client';
import { callerOf } from './client-authentication';
import { notaryHealth } from '../messages/ask-notary';
import { askOverTls, type TlsCredentials } from '../messages/mutual-tls';
import { NotaryMetrics } from '../metrics/notary-metrics';
import { type Readiness } from './readiness';
import { newNotaryServer } from './notary-server';
import { RefusalLog } from './refusal-log';
import { signRequestCodec, type SignResponse } from '../messages/sign-messages';

const proof = proofOf(packetBatchFixture);
const answer: SignResponse = { notary: grid.mspId, signature: 'AAAA', epoch: 1, source: 'compared' };
const pem = ({ mspId, certificate, key }: Identity) => ({
  mspId,
  certificate,
  privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
});
const stranger = { ...grid, caName: 'ca.stranger', caKey: keyNamed('ca.stranger') };

describe('a notary server', () => {
  let server: Server;
  let signer: (asked: EndorsedProof) => Promise<SignResponse>;
  const signing = { well: true };
  const ready: Readiness = { ready: true, checks: { signing: 'ok', ledgers: 'ok', credentials: 'ok' } };
  let readiness: () => Promise<Readiness>;
  const metrics = new NotaryMetrics(grid.mspId);
  const logged: string[] = [];
  const configuration = configurationOf(city);

  beforeAll(async () => {
    server = await newNotaryServer({
      identity: pem(grid.client),
      signer: { sign: ({ proof }) => signer(proof) },
      callerOf: (shown) => callerOf(shown, [configuration], Date.now()),
      health: () => ({ mspId: grid.mspId, signing, relay: false, chains: [], proofOnly: ['moon'], lanes: [] }),
      readiness: () => readiness(),
      metrics,
      log: pino({ base: null }, { write: (line: string) => void logged.push(line) }),
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  beforeEach(() => {
    signer = () => Promise.resolve(answer);
    readiness = () => Promise.resolve(ready);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const url = (path: string): URL => new URL(path, `https://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const trusted = [grid.caCertificate];
  const ask = (path: string, body = '', caller?: Identity, authorities: readonly string[] = trusted) => {
    const tls: TlsCredentials = { own: caller && pem(caller), authorities };
    const method = body === '' ? 'GET' : 'POST';
    const signal = AbortSignal.timeout(60_000);
    return askOverTls({ url: url(path), method, body, tls, signal, maximumAnswerBytes: 1_000_000 });
  };
  const request = encode(signRequestCodec, { proof });

  test("signs for a member's client", async () => {
    const { status, body } = await ask('/v1/sign', request, microgridMember.client);
    expect([status, JSON.parse(body)]).toEqual([200, answer]);
  });

  test.each<[who: string, caller: Identity | undefined]>([
    ['nobody', undefined],
    ['a peer of a member', grid.peer],
    ['an administrator of a member', grid.admin],
    ['a stranger who calls itself a member', identityOf(stranger, { units: ['client'] })],
    ['somebody with an expired certificate', identityOf(grid, { units: ['client'], notAfter: '200101000000Z' })],
    ['an authority of a member', { mspId: grid.mspId, certificate: grid.caCertificate, key: grid.caKey }],
  ])('T06: does not sign for %s', async (_who, caller) => {
    const { status, body } = await ask('/v1/sign', request, caller);
    expect([status, JSON.parse(body)]).toEqual([403, { code: 'CALLER_NOT_NOTARY' }]);
  });

  test('T13: does not sign for a client whose certificate is revoked in a trust record', () => {
    const [record] = configuration.chains;
    const revoking = {
      ...configuration,
      chains: [
        {
          ...record!,
          organizations: record!.organizations.map((organization) =>
            organization.mspId === grid.mspId ? { ...organization, revokedSerials: ['1002'] } : organization,
          ),
        },
      ],
    };
    expect(callerOf(grid.client.certificate, [configuration], Date.now())).toBe(grid.mspId);
    expect(callerOf(grid.client.certificate, [configuration, revoking], Date.now())).toBeUndefined();
  });

  test('is not believed where another authority is expected', async () => {
    const asking = ask('/v1/sign', request, microgridMember.client, [regulator.caCertificate]);
    await expect(asking).rejects.toThrow(/unable to (verify|get)|self.signed|certificate/i);
  });

  test('tells its health and its numbers to anybody', async () => {
    const serve = await notaryHealth(url('').href, trusted, 5_000);
    expect(serve).toEqual({ mspId: grid.mspId, signing, relay: false, chains: [], proofOnly: ['moon'], lanes: [] });
    await ask('/v1/sign', request, grid.client);
    const { status, body } = await ask('/metrics');
    expect(status).toBe(200);
    expect(body).toMatch(/^gridpeg_notary_sign_requests_total\{result="signed",organization="GridMSP"\} [1-9]/m);
    expect(body).toMatch(
      /^gridpeg_notary_sign_requests_total\{result="CALLER_NOT_NOTARY",organization="GridMSP"\} [1-9]/m,
    );
  });

  test('tells anybody that it lives, and whether it is ready', async () => {
    expect(await ask('/healthz')).toEqual({ status: 200, body: '{"alive":true}' });
    expect(await ask('/readyz')).toEqual({ status: 200, body: JSON.stringify(ready) });
    const unready: Readiness = { ready: false, checks: { ...ready.checks, ledgers: 'SOURCE_BEHIND' } };
    readiness = () => Promise.resolve(unready);
    expect(await ask('/readyz')).toEqual({ status: 503, body: JSON.stringify(unready) });
    expect(await ask('/healthz')).toMatchObject({ status: 200 });
  });

  test('T38: tells nobody what stands in the error of a check', async () => {
    readiness = () => Promise.reject(new Error('/secret'));
    expect(await ask('/readyz')).toEqual({ status: 500, body: '{"code":"UNEXPECTED"}' });
  });

  test.each<[what: string, path: string, body: string, status: number, code: string]>([
    ['another path', '/v1/other', 'x', 404, 'ROUTE_UNKNOWN'],
    ['a body that is no request', '/v1/sign', '{"proof":1}', 400, 'REQUEST_MALFORMED'],
    ['a body above the limit', '/v1/sign', 'x'.repeat(1_100_000), 413, 'BODY_TOO_LARGE'],
  ])('T34: refuses %s', async (_what, path, body, status, code) => {
    const serve = await ask(path, body, grid.client);
    expect(serve.status).toBe(status);
    expect(JSON.parse(serve.body)).toMatchObject({ code });
  });

  describe('T34: connections that are only held', () => {
    const held: Socket[] = [];
    afterEach(() => {
      for (const connection of held.splice(0)) connection.destroy();
    });
    const hold = async (connection: Socket, connected: 'connect' | 'secureConnect'): Promise<void> => {
      held.push(connection);
      connection.on('error', () => undefined);
      await once(connection, connected);
    };
    const port = (): number => (server.address() as AddressInfo).port;

    test('by strangers keep no member out', async () => {
      for (let count = 0; count < 600; count += 1) await hold(net.connect(port(), '127.0.0.1'), 'connect');
      expect((await ask('/v1/sign', request, grid.client)).status).toBe(200);
      expect(held.some(({ closed }) => !closed)).toBe(true);
    });
    test('by one member keep no other out', async () => {
      const { certificate: cert, privateKey: key } = pem(regulator.client);
      const tls = { port: port(), host: '127.0.0.1', cert, key, rejectUnauthorized: false };
      for (let count = 0; count < 70; count += 1) await hold(connect(tls), 'secureConnect');
      await once(held.at(-1)!, 'close');
      expect(held.filter(({ closed }) => !closed)).toHaveLength(64);
      expect((await ask('/v1/sign', request, microgridMember.client)).status).toBe(200);
    });
  });

  test.each<[code: 'EQUIVOCATION' | 'TRUST_UNKNOWN', status: number]>([
    ['EQUIVOCATION', 409],
    ['TRUST_UNKNOWN', 422],
  ])('answers %s with status %i', async (code, status) => {
    signer = () => Promise.reject(new PegError({ code }));
    const serve = await ask('/v1/sign', request, grid.client);
    expect([serve.status, JSON.parse(serve.body)]).toEqual([status, { code }]);
  });

  /** Lets requests hang until as many have been turned away as are expected, then counts those that were signed. */
  const signedOf = async (callers: readonly Identity[], expectedTurnedAway: number): Promise<number> => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((done) => (release = done));
    signer = () => gate.then(() => answer);
    let turnedAway = 0;
    const asked = callers.map(async (caller) => {
      const serve = await ask('/v1/sign', request, caller);
      if (serve.status !== 503) return serve.status;
      expect(JSON.parse(serve.body)).toEqual({ code: 'NOTARY_BUSY' });
      turnedAway += 1;
      if (turnedAway === expectedTurnedAway) release();
      return serve.status;
    });
    return (await Promise.all(asked)).filter((status) => status === 200).length;
  };
  const times = (count: number, caller: Identity): readonly Identity[] => Array.from({ length: count }, () => caller);

  test('T34: turns away what is more than it can do at once, and goes on when that has ended', async () => {
    expect(await signedOf([...times(20, grid.client), ...times(20, microgridMember.client)], 8)).toBe(32);
    signer = () => Promise.resolve(answer);
    expect((await ask('/v1/sign', request, grid.client)).status).toBe(200);
  });

  test('T34: signs for a member though others take all there is', async () => {
    const crowd = [...times(24, grid.client), ...times(24, microgridMember.client)];
    expect(await signedOf([...crowd, ...times(4, regulator.client)], 16)).toBe(36);
  });

  test('T34: one caller never takes all of it', async () => {
    expect(await signedOf(times(40, grid.client), 16)).toBe(24);
  });

  test('T34: tells its health and numbers while it signs as much as it can', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((done) => (release = done));
    let underWay = 0;
    signer = () => {
      underWay += 1;
      return gate.then(() => answer);
    };
    const asked = [...times(16, grid.client), ...times(16, microgridMember.client)].map((caller) =>
      ask('/v1/sign', request, caller),
    );
    while (underWay < 32) await sleep(10);
    expect((await ask('/health')).status).toBe(200);
    expect((await ask('/metrics')).status).toBe(200);
    release();
    expect((await Promise.all(asked)).every(({ status }) => status === 200)).toBe(true);
  });

  test('T34: does few requests of one connection at a time', async () => {
    signer = () => sleep(300).then(() => answer);
    const own = pem(grid.client);
    const { port } = server.address() as AddressInfo;
    const socket = connect({
      port,
      host: '127.0.0.1',
      cert: own.certificate,
      key: own.privateKey,
      rejectUnauthorized: false,
    });
    const one = `POST /v1/sign HTTP/1.1\r\nhost: x\r\ncontent-length: ${request.length.toString()}\r\n\r\n${request}`;
    socket.write(one.repeat(8));
    let serve = '';
    socket.on('data', (piece: Buffer) => (serve += piece.toString()));
    await once(socket, 'close');
    expect(serve.match(/HTTP\/1.1 200/g)).toHaveLength(4);
    expect(serve).toContain('NOTARY_BUSY');
  });

  test('T38: tells no caller what stands in its errors, and its log once a minute for each', async () => {
    signer = () =>
      Promise.reject(new PegError({ code: 'SIGNING_HISTORY_FAILED', details: { file: '/secret' }, detail: 'ENOSPC' }));
    logged.length = 0;
    for (let count = 0; count < 5; count += 1) {
      const { body } = await ask('/v1/sign', request, grid.client);
      expect(body).toBe('{"code":"SIGNING_HISTORY_FAILED"}');
    }
    expect(logged).toHaveLength(1);
    await ask('/v1/sign', request, microgridMember.client);
    await ask('/nowhere');
    await ask('/nowhere');
    expect(logged).toHaveLength(3);
  });
});

test('refusals that were not logged are counted by the next one that is', () => {
  const logged: string[] = [];
  let nowMs = 0;
  const refusals = new RefusalLog(
    pino({ base: null }, { write: (line: string) => void logged.push(line) }),
    () => nowMs,
  );
  for (let count = 0; count < 10; count += 1) refusals.record('CALLER_NOT_NOTARY', undefined, {});
  nowMs = 60_000;
  refusals.record('CALLER_NOT_NOTARY', undefined, {});
  expect(logged.map((line) => (JSON.parse(line) as { readonly unlogged: number }).unlogged)).toEqual([0, 9]);
});

test('T34: a member without a notary in a committee is nobody who may ask', () => {
  const configuration = configurationOf(city);
  const chains = configuration.chains.map((record) => ({
    ...record,
    committee: { ...record.committee, notaries: record.committee.notaries.filter(({ mspId }) => mspId !== grid.mspId) },
  }));
  expect(callerOf(grid.client.certificate, [{ ...configuration, chains }], Date.now())).toBeUndefined();
  const [first, ...others] = chains;
  const some = { ...configuration, chains: [configuration.chains[0] ?? first!, ...others] };
  expect(callerOf(grid.client.certificate, [some], Date.now())).toBe(grid.mspId);
});

test('a chain that is no counterpart of the lane says nothing about its callers', () => {
  expect(callerOf(grid.client.certificate, [], Date.now())).toBeUndefined();
  expect(callerOf(grid.client.certificate, [configurationOf(microgrid)], Date.now())).toBe(grid.mspId);
});
