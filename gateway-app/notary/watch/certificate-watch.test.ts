// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { certificateRequestCodec, encode, type Batch, type ChainId, type TrustRecord } from '@gridpeg/protocol';
import {
  certify,
  charging,
  city,
  configurationOf,
  packetBatchOf,
  packetWith,
  trustIn,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { pino } from 'pino';
import { PegError } from '../../client';
import { ChannelChain } from '../testing/channel-chain';
import { Accuser } from './accuser';
import { CertificateWatch } from './certificate-watch';
import { SourceCheck } from './source-check';

const invented = packetBatchOf(packetWith());
const liars = ['GridMSP', 'MicrogridMSP', 'ChargingMSP'];

describe('T44: the watch of certificates', () => {
  let folder: string;
  let file: string;
  let [town, cars]: ChannelChain[] = [];
  const running: Array<() => Promise<void>> = [];
  let isOver = false;
  beforeEach(async () => {
    isOver = false;
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-watch-'));
    file = join(folder, 'watched.json');
    [town, cars] = [await ChannelChain.start(city), await ChannelChain.start(charging)];
  });
  afterEach(async () => {
    isOver = true;
    for (const stop of running.splice(0)) await stop();
    rmSync(folder, { recursive: true });
  });

  const honest = async (): Promise<Batch> => town!.send(charging);
  const take = (batch: Batch, name = 'peg:receive', under = trustIn(city)): Promise<void> =>
    cars!.take(name, certify(batch, under));
  const seen = (): Readonly<Record<string, string>> =>
    JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
  const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
    while (!isOver && !(await isSo())) await sleep(5);
  };
  const hasLooked = (block: bigint) => () => {
    try {
      return seen()[charging] === (block + 1n).toString();
    } catch {
      return false;
    }
  };
  const convicted = (): ReturnType<ChannelChain['convicted']> => cars!.convicted();
  const nobody = { frozen: [], suspended: [] };

  /** A daemon's watch, with a peer of its own that says what the city has committed, or this. */
  const watch = (
    own: (under: TrustRecord) => Promise<Batch> | undefined = () => undefined,
    check?: SourceCheck['check'],
  ) => {
    const lines: string[] = [];
    const compared: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line) => lines.push(line) });
    const chains = [town!, cars!];
    const comparing = new SourceCheck({
      ownAnswer: ({ kind, laneId, txIds }, under) => own(under) ?? town!.export(kind, { laneId, txIds }),
      count: (result) => compared.push(result),
      dispute: () => Promise.resolve(),
    });
    const source = check === undefined ? comparing : { check };
    const accuser = new Accuser({ mspId: 'RegulatorMSP', chains, log });
    const stopped = new AbortController();
    const ended = new CertificateWatch({ chains, source, accuser, file, log, pollMs: 5, refetchMs: 5 }).run(
      stopped.signal,
    );
    const stop = async (): Promise<void> => {
      stopped.abort();
      await ended;
    };
    running.push(stop);
    const said = (word: string) => lines.filter((line) => line.includes(word)).length;
    return { stop, said, compared, started: until(() => cars!.opened.length > 0 && town!.opened.length > 0) };
  };

  test('lets pass what the source has committed, and writes down how far it has come', async () => {
    const { started, said } = watch();
    await started;
    await take(await honest());
    await take(await honest());
    await until(hasLooked(1n));
    expect([await convicted(), said('')]).toEqual([nobody, 0]);
    expect(seen()).toEqual({ [city]: '0', [charging]: '2' });
    expect(readdirSync(folder)).toEqual(['watched.json']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test.each(['peg:receive', 'receive', ':receive', ' :receive'])(
    'accuses those who signed what was never sent, also when it was taken as %j',
    async (name) => {
      const { started } = watch();
      await started;
      await take(invented, name);
      await until(async () => (await convicted()).frozen.length > 0);
      expect(await convicted()).toEqual({ frozen: expect.any(Array) as unknown, suspended: liars });
      await until(async () => (await town!.convicted()).suspended.length === liars.length);
    },
  );

  describe('whose organization an urgent change leaves out', () => {
    const narrowed = trustIn(city, { organizations: trustIn(city).organizations.slice(0, 3) });
    const leaveOut = async (): Promise<void> => {
      const { chains, ...others } = configurationOf(charging);
      const changed = chains.map((each) => (each.chainId === city ? narrowed : each));
      await cars!.govern({ kind: 'configure', configuration: { ...others, sequence: 2, chains: changed } });
      cars!.trustOf = (chainId) => (chainId === city ? narrowed : trustIn(chainId));
    };
    /** The own peer is the regulator's. */
    const heard = ({ organizations }: TrustRecord): Promise<Batch> | undefined =>
      organizations.some(({ mspId }) => mspId === 'RegulatorMSP')
        ? undefined
        : Promise.reject(new PegError({ code: 'ENDORSER_STRANGER' }));
    const isFrozen = async (): Promise<boolean> => (await convicted()).frozen.length > 0;

    test('accuses by the trust record from before who signs afterwards, and lets pass what was sent', async () => {
      await leaveOut();
      const { started, compared } = watch(heard);
      await started;
      await take(await honest(), 'peg:receive', narrowed);
      await until(() => compared.includes('compared'));
      expect(await convicted()).toEqual(nobody);
      await take(invented, 'peg:receive', narrowed);
      await until(isFrozen);
      expect(await convicted()).toMatchObject({ suspended: liars });
    });

    test('accuses those who had signed before, also after a restart', async () => {
      town!.failure = new PegError({ code: 'PEER_UNAVAILABLE' });
      const first = watch((under) => (town!.failure === undefined ? heard(under) : Promise.reject(town!.failure)));
      await until(() => cars!.opened.length > 0);
      await take(invented);
      await until(() => first.said('is not compared yet') > 0);
      await first.stop();
      await leaveOut();
      town!.failure = undefined;
      watch(heard);
      await until(isFrozen);
      expect(await convicted()).toMatchObject({ suspended: liars });
    });
  });

  test('convicts nobody by a peer of its own that lags for ever', async () => {
    const { started, compared } = watch(() => Promise.reject(new PegError({ code: 'OUTBOX_UNKNOWN' })));
    await started;
    await take(await honest());
    await until(hasLooked(0n));
    await until(() => compared.includes('behind'));
    await take(await honest());
    await until(hasLooked(1n));
    expect(await convicted()).toEqual(nobody);
  });

  test('waits for a source that is away, says so once, and forgets nothing over a restart', async () => {
    const away = new PegError({ code: 'PEER_UNAVAILABLE' });
    const isAway = (): boolean => town!.failure !== undefined;
    const { started, compared, said, stop } = watch(() => (isAway() ? Promise.reject(away) : undefined));
    await started;
    const [first, second] = [await honest(), await honest()];
    await take(first);
    await until(() => compared.length > 0);
    town!.failure = away;
    await take(invented);
    await take(second);
    await until(() => said('is not compared yet') === 2);
    await sleep(60);
    expect(said('is not compared yet')).toBe(2);
    await stop();
    expect(seen()[charging]).toBe('1');
    town!.failure = undefined;
    watch();
    await until(async () => (await convicted()).suspended.length > 0);
    await until(hasLooked(2n));
  });

  test('begins with the next block on a chain that it never watched, and goes on where it was', async () => {
    await take(invented);
    const first = watch();
    await first.started;
    await until(hasLooked(0n));
    expect(cars!.opened).toEqual([1n]);
    await take(await honest());
    await until(() => first.compared.length > 0);
    await first.stop();
    expect([await convicted(), seen()[charging]]).toEqual([nobody, '2']);
    watch();
    await until(() => cars!.opened.length > 1);
    expect(cars!.opened).toEqual([1n, 2n]);
  });

  test('T48: with a file that cannot be read it compares all again, and only liars are convicted', async () => {
    await take(await honest());
    writeFileSync(file, `{"${charging}":"2`);
    const first = watch();
    await until(() => first.compared.length > 0);
    expect([first.said('WATCH_FILE_DAMAGED'), cars!.opened, await convicted()]).toEqual([1, [0n], nobody]);
    await first.stop();
    await take(invented);
    writeFileSync(file, '');
    watch();
    await until(async () => (await convicted()).suspended.length > 0);
  });

  test('T48: what was looked at of a chain that says nothing is in the file as well, once it was damaged', async () => {
    writeFileSync(file, '{');
    const { stop } = watch();
    await until(() => cars!.opened.length > 0);
    await stop();
    expect(seen()).toEqual({ [city]: '0', [charging]: '0' });
  });

  test('T48: a file that cannot be written is said once, and is written when it can be', async () => {
    mkdirSync(`${file}.partial`);
    const { started, said } = watch();
    await started;
    await take(await honest());
    await take(invented);
    await until(async () => (await convicted()).suspended.length > 0);
    await until(() => said('WATCH_FILE_FAILED') > 0);
    await sleep(30);
    expect(said('WATCH_FILE_FAILED')).toBe(1);
    rmSync(`${file}.partial`, { recursive: true, force: true });
    await until(hasLooked(1n));
  });

  test('T49: calls of other chaincode that have the same names stall nothing', async () => {
    const { started, said } = watch();
    await started;
    cars!.append(['peg:receive', '{"anything":1}'], txIdNamed('another request'));
    cars!.append(['receive'], txIdNamed('no request'));
    cars!.append(['sessions:record', '{}'], txIdNamed('another function'));
    await take(await honest());
    await until(hasLooked(3n));
    expect(said('')).toBe(0);
  });

  test('T49: a block that is not delivered stalls no other, and is compared as soon as it comes', async () => {
    const first = watch();
    await first.started;
    cars!.damaged.add(0n);
    await take(invented);
    await take(await honest());
    await until(() => first.compared.includes('compared'));
    expect([await convicted(), first.said('BLOCK_UNREADABLE')]).toEqual([nobody, 1]);
    await first.stop();
    // Nothing behind it is taken for looked at.
    expect(seen()[charging]).toBe('0');
    const second = watch();
    await until(() => second.said('BLOCK_UNREADABLE') > 0);
    cars!.damaged.clear();
    await until(async () => (await convicted()).suspended.length > 0);
    await until(hasLooked(1n));
    expect((await convicted()).suspended).toEqual(liars);
  });

  test('what is compared with one source does not wait for another, nor for a few that hang', async () => {
    const asked: ChainId[] = [];
    const hangs: SourceCheck['check'] = async (_proof, { sourceChainId }) => {
      asked.push(sourceChainId);
      if (sourceChainId === city) await until(() => false);
      return 'compared';
    };
    const { started } = watch(undefined, hangs);
    await started;
    for (let count = 0; count < 6; count += 1) await take(await honest());
    const batch = packetBatchOf(packetWith({ sourceChainId: charging, destinationChainId: city }));
    const argument = encode(certificateRequestCodec, { certificate: certify(batch, trustIn(charging)), escrowIds: [] });
    town!.append(['peg:receive', argument], txIdNamed('from the cars'));
    await until(() => asked.includes(charging) && asked.length >= 5);
    await sleep(30);
    expect(asked.filter((chainId) => chainId === city)).toHaveLength(4);
  });

  test('has nothing to compare where it has no peer on the source', async () => {
    const { started, compared } = watch();
    await started;
    const batch = packetBatchOf(packetWith({ sourceChainId: `moon-${'0'.repeat(64)}` as ChainId }));
    const argument = encode(certificateRequestCodec, { certificate: certify(batch, trustIn(city)), escrowIds: [] });
    cars!.append(['peg:settle', argument], txIdNamed('of the moon'));
    await take(await honest());
    await until(hasLooked(1n));
    expect([compared, await convicted()]).toEqual([['compared'], nobody]);
  });
});
