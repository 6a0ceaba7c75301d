// SPDX-License-Identifier: Apache-2.0

import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import {
  configurationCodec,
  encode,
  inFlightPageCodec,
  receiptsResponseCodec,
  statusRecordsCodec,
} from '@gridpeg/protocol';
import { charging, city, configurationOf, grid, laneIdBetween, packetWith } from '@gridpeg/protocol/testing';
import { pino } from 'pino';
import { connectionTo, failure, FakePeer } from '../client/testing/fake-peer';
import { ChainView } from '../notary/chains/chain-view';
import { type LaneHealth } from '../notary/metrics/lane-health';
import { LaneRelay } from './lane-relay';
import { NotaryMetrics } from '../notary/metrics/notary-metrics';
import { ProofSource } from './proof-source';
import { RelayService } from './relay-service';
import { evidenceCollectors } from './custody/collectors';
import { SignatureCollector } from './custody/signature-collector';

const log = pino({ level: 'silent' });
const { id: packetId, laneId, txId } = packetWith();

describe('what a relay says of a lane one end of which is down', () => {
  const closers: Array<() => unknown> = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  /** A chain whose peer answers as long as `isUp` says so; one packet is in flight from the city. */
  const chainAt = async (
    chainId: typeof city,
    isUp: () => boolean,
    refuse: (name: string, argument: string) => void = () => undefined,
  ): Promise<ChainView> => {
    const answers: Readonly<Record<string, string>> = {
      'peg:getConfiguration': encode(configurationCodec, configurationOf(chainId)),
      'governance:getStandings': encode(statusRecordsCodec, { lanes: [], notaries: [], assets: [], replacements: [] }),
      'peg:listInFlight': encode(inFlightPageCodec, {
        entries: chainId === city ? [{ version: 1, packetId, laneId, txId, index: 0 }] : [],
        bookmark: '',
      }),
      'peg:getReceipts': encode(receiptsResponseCodec, []),
    };
    const peer = await FakePeer.start({
      query: (name, argument) => {
        refuse(name, argument);
        return answers[name] ?? '';
      },
      call: () =>
        isUp() ? Promise.resolve() : Promise.reject(Object.assign(new Error(), { code: 14, details: 'away' })),
    });
    const chain = new ChainView({ ...connectionTo([peer.endpoint()]), name: chainId, chainId }, log);
    closers.push(
      () => peer.stop(),
      () => chain.close(),
    );
    return chain;
  };

  const relayBetween = async (chains: readonly ChainView[]) => {
    const metrics = new NotaryMetrics(grid.mspId);
    const signer = { sign: () => Promise.reject(new Error('nobody signs here')) };
    const tlsFor = () => ({ authorities: [] });
    const collectors = evidenceCollectors(
      new SignatureCollector({ mspId: grid.mspId, signer, notaries: [], tlsFor, metrics, log }),
    );
    const relay = new RelayService({ mspId: grid.mspId, chains, collectors, takeoverDelayMs: 60_000, metrics, log });
    metrics.watch({
      sequences: () => ({}),
      lanes: () => relay.health,
      canSign: () => true,
      hasCredentials: () => true,
    });
    closers.push(() => relay.stop());
    for (const chain of chains) await chain.refresh();
    relay.adopt();
    return { relay, metrics, collectors };
  };
  const until = async (relay: RelayService, isWell: (lane: LaneHealth | undefined) => boolean) => {
    const find = () => relay.health.find((lane) => lane.laneId === laneIdBetween(city, charging));
    while (!isWell(find())) await sleep(20);
    return find();
  };

  test('T36: counts what waits for a destination that has not answered since the start, also in metrics', async () => {
    let isUp = false;
    const destination = await chainAt(charging, () => isUp);
    const { relay, metrics } = await relayBetween([await chainAt(city, () => true), destination]);
    const waiting = await until(relay, (lane) => lane?.inFlight === 1 && lane.lastError !== '');
    expect(waiting).toMatchObject({ inFlight: 1, lastError: 'PEER_UNAVAILABLE' });
    const { body } = await metrics.exposition();
    expect(body).toMatch(/^gridpeg_relay_in_flight\{lane="city-to-charging",organization="GridMSP"\} 1$/m);
    isUp = true;
    await destination.refresh();
    relay.adopt();
    expect(await until(relay, (lane) => (lane?.lastRoundMs ?? 0) > 0)).toMatchObject({ inFlight: 1 });
  });

  test('T36: waits for chaincode that is older than itself, says why, and goes on once it is upgraded', async () => {
    let isOlder = true;
    const asked = new Set<string>();
    const refuse = (name: string, argument: string): void => {
      if (name !== 'peg:listInFlight') return;
      asked.add(argument);
      // Wire version 2 knew no lane here.
      const refusal = '{"code":"REQUEST_MALFORMED","field":"","expected":"only the fields pageSize, bookmark"}';
      if (isOlder) throw failure(status.ABORTED, `chaincode response 500, ${refusal}`);
    };
    const source = await chainAt(city, () => true, refuse);
    const { relay } = await relayBetween([source, await chainAt(charging, () => true)]);
    expect(await until(relay, (lane) => lane?.lastError !== '')).toMatchObject({ lastError: 'REQUEST_MALFORMED' });
    isOlder = false;
    expect(await until(relay, (lane) => (lane?.lastRoundMs ?? 0) > 0)).toMatchObject({ inFlight: 1 });
    const ofLane = { laneId, pageSize: 1000, bookmark: '' };
    expect([...asked].map((argument) => JSON.parse(argument) as unknown)).toContainEqual(ofLane);
    expect([...asked].every((argument) => argument.includes('"laneId"'))).toBe(true);
  });

  test('T36: names the lane while its source is away', async () => {
    const source = await chainAt(city, () => false);
    const { relay } = await relayBetween([source, await chainAt(charging, () => true)]);
    expect(await until(relay, (lane) => lane?.lastError !== '')).toMatchObject({ lastError: 'PEER_UNAVAILABLE' });
  });

  test('T32: a fault in one turn of a lane ends neither the lane nor the process', async () => {
    const [source, destination] = [await chainAt(city, () => true), await chainAt(charging, () => true)];
    for (const chain of [source, destination]) await chain.refresh();
    const { collectors, metrics } = await relayBetween([]);
    let [turns, isBroken] = [0, true];
    const end = (chain: ChainView) => ({ chain, proofs: new ProofSource(chain, grid.mspId) });
    const relay = new LaneRelay({
      ...{ lane: source.configuration!.lanes.find(({ id }) => id === laneIdBetween(city, charging))! },
      ...{ source: end(source), destination: end(destination), mspId: grid.mspId, collectors, metrics, log },
      get takeoverDelayMs() {
        turns += 1;
        if (isBroken) throw new Error('a fault of the program');
        return 60_000;
      },
    });
    const stop = new AbortController();
    const running = relay.run(stop.signal);
    while (relay.health.lastError !== 'UNEXPECTED') await sleep(10);
    isBroken = false;
    const before = turns;
    while (turns === before) {
      relay.applyEvent({
        event: { version: 1, packets: [{ id: packetId, laneId }], receipts: [], settled: [] },
        txId,
        blockNumber: 1n,
      });
      await sleep(10);
    }
    stop.abort();
    await running;
  });

  test('leaves a lane alone that only one of two ends which answer knows', async () => {
    const source = await chainAt(city, () => true);
    const destination = await chainAt(charging, () => true);
    await source.refresh();
    await destination.refresh();
    const without = { ...configurationOf(charging), lanes: [] };
    Object.defineProperty(destination, 'configuration', { get: () => without });
    const { relay } = await relayBetween([source, destination]);
    expect(relay.health).toEqual([]);
  });
});
