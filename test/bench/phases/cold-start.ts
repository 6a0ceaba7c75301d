// SPDX-License-Identifier: Apache-2.0

import { nodeLogs, startNode, stopNode } from '@gridpeg/network';
import { limits, type LaneId } from '@gridpeg/protocol';
import { rmSync } from 'node:fs';
import { waitUntil } from '../../harness/wait-until';
import { certificatesUnderWay, type CertificatesUnderWay } from '../measure/certificates-under-way';
import { closedLoop } from '../load/closed-loop';
import { Failures } from '../measure/failures';
import { notariesOf, type BenchNotary } from '../measure/notaries';
import { type PacketWatch } from '../measure/packet-watch';
import { type Participants } from '../load/participants';
import { type Sender } from '../load/sender';
import { round } from '../measure/round';

/** A notary that starts with an empty disk while packets are in flight, and then carries them. */
export interface ColdStartFigure {
  /** The number of packets in flight on one lane, as the source ledger says. */
  readonly packets: number;
  /** The time from the start of its process until it answered. */
  readonly untilHealthySeconds: number;
  /** The time from the start of its process until it knew all the packets; the aim is 5 for 10,000. */
  readonly untilAllReadSeconds: number;
  /** The time from the start of the other notaries until the first packets were received. */
  readonly untilFirstReceivedSeconds: number;
  /** The time from that start until all were settled at their source. */
  readonly untilAllDeliveredSeconds: number;
  readonly deliveredPerSecond: number;
  readonly certificates: CertificatesUnderWay;
}

const senders = 4;
const pollMs = 50;
/** How long nothing may move. */
const patienceSeconds = 120;
const logLines = 5_000;

/**
 * Stops all notaries, puts packets in flight, and starts one with an empty disk: the one whose turn it is on the lane.
 * When it knows of all packets, starts the others, and waits until all is delivered.
 *
 * @throws Error when nothing moves for two minutes
 */
export async function measureColdStart(
  packets: number,
  {
    stateDir,
    participants: { laneId, atSource },
    sender,
    watch,
    log,
  }: {
    readonly stateDir: string;
    readonly participants: Participants;
    readonly sender: Sender;
    readonly watch: PacketWatch;
    readonly log: (line: string) => void;
  },
): Promise<ColdStartFigure> {
  const [leader, ...others] = await notariesOf(stateDir, laneId);
  await Promise.all([leader, ...others].map(({ node }) => stopNode({ stateDir, node })));
  log(`cold start: ${packets} packets are put in flight`);
  await putInFlight(packets, sender);
  const inFlight = (await atSource[0].client.inFlight(laneId)).length;
  log(`cold start: ${leader.node} starts with ${inFlight} packets in flight and an empty disk`);
  const { untilHealthySeconds, untilAllReadSeconds } = await startEmpty(stateDir, leader, laneId, inFlight);
  log(
    `cold start: ${untilHealthySeconds.toFixed(2)} s until it answers, ` +
      `${untilAllReadSeconds.toFixed(2)} s until it knows of all packets`,
  );
  log('cold start: the other notaries start, and all is delivered');
  // The first that make a quorum carry packets before the last one answers.
  const [together, togetherMs] = [Date.now(), performance.now()];
  await Promise.all(others.map(({ node }) => startNode({ stateDir, node })));
  const since = (milestone: 'received' | 'delivered') => () => watch.countSince(milestone, togetherMs);
  await untilCount(since('received'), 1);
  const untilFirstReceivedSeconds = secondsSince(togetherMs);
  await untilCount(since('delivered'), inFlight);
  const untilAllDeliveredSeconds = secondsSince(togetherMs);
  return {
    packets: inFlight,
    ...{ untilHealthySeconds, untilAllReadSeconds, untilFirstReceivedSeconds, untilAllDeliveredSeconds },
    deliveredPerSecond: round(inFlight / untilAllDeliveredSeconds),
    certificates: await certificatesSince(together, laneId, { stateDir, node: leader.node }),
  };
}

async function putInFlight(packets: number, sender: Sender): Promise<void> {
  const enough = new AbortController();
  let left = packets;
  const call = async (): Promise<void> => {
    const some = Math.min(limits.outputs, left);
    left -= some;
    try {
      if (some === 0) enough.abort();
      else await sender.send(some);
    } catch (error) {
      left += some;
      throw error;
    }
  };
  await closedLoop(senders, call, new Failures())(enough.signal);
}

async function startEmpty(
  stateDir: string,
  { node, dataDir, health }: BenchNotary,
  laneId: LaneId,
  inFlight: number,
): Promise<Pick<ColdStartFigure, 'untilHealthySeconds' | 'untilAllReadSeconds'>> {
  rmSync(dataDir, { recursive: true });
  const startMs = performance.now();
  const starting = startNode({ stateDir, node });
  let untilHealthySeconds: number | undefined;
  // One question at a time: each costs the notary a handshake.
  const hasReadAll = async (): Promise<boolean> => {
    const lanes = await health().then(
      (answer) => answer.lanes,
      () => undefined,
    );
    if (lanes !== undefined) untilHealthySeconds ??= secondsSince(startMs);
    return lanes?.some((lane) => lane.laneId === laneId && lane.inFlight >= inFlight) === true;
  };
  await waitUntil(`${node} finds all packets`, hasReadAll, patienceSeconds, pollMs);
  const untilAllReadSeconds = secondsSince(startMs);
  await starting;
  return { untilHealthySeconds: untilHealthySeconds ?? untilAllReadSeconds, untilAllReadSeconds };
}

/** What the relay wrote of its deliveries. */
async function certificatesSince(
  sinceMs: number,
  laneId: LaneId,
  options: { readonly stateDir: string; readonly node: string },
): Promise<CertificatesUnderWay> {
  const lines: string[] = [];
  for await (const piece of nodeLogs({ ...options, lines: logLines })) lines.push(...piece.split('\n'));
  return certificatesUnderWay(lines, laneId, sinceMs);
}

/** Waits for a count to reach a number, as long as it grows. @throws Error */
async function untilCount(count: () => number, enough: number): Promise<void> {
  for (let before = -1; count() < enough;) {
    before = count();
    const moves = (): Promise<boolean> => Promise.resolve(count() > before);
    await waitUntil(`one of ${enough - before} packets moves`, moves, patienceSeconds, pollMs);
  }
}

function secondsSince(startMs: number): number {
  return round((performance.now() - startMs) / 1000);
}
