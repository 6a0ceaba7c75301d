// SPDX-License-Identifier: Apache-2.0

import { type CpuUse } from '../measure/cpu-meter';
import { Failures } from '../measure/failures';
import { measure, type Meters, type PhaseLength } from '../measure/measure';
import { openLoop } from '../load/open-loop';
import { type PacketWatch } from '../measure/packet-watch';
import { percentileSpread, type Spread } from '../measure/spread';
import { Samples } from '../measure/samples';
import { type Sender } from '../load/sender';
import { round } from '../measure/round';
import { summarizeLatencies, type LatencySummary } from '../measure/summarize-latencies';

/** How long single transfers take at a given rate. All are counted from the time a transfer was due to be sent. */
export interface EndToEndFigure {
  readonly load: string;
  readonly sendsPerSecond: number;
  readonly seconds: number;
  /** Committed on the source chain. */
  readonly commit: LatencySummary;
  /** Committed on the destination chain. */
  readonly untilReceived: LatencySummary;
  /** The source knows of it. */
  readonly untilDelivered: LatencySummary;
  /** `untilReceived` as a multiple of the median commit latency of the sends of this very phase, by percentile */
  readonly receivedInCommits: Readonly<Record<'p50' | 'p95' | 'p99', Spread>>;
  readonly failures: Readonly<Record<string, number>>;
  readonly cpu: CpuUse;
}

/** Sends single packets at a fixed rate. @throws what sending threw; Error when nothing arrived */
export async function measureEndToEnd(
  { load, sendsPerSecond }: { readonly load: string; readonly sendsPerSecond: number },
  length: PhaseLength,
  { sender, watch, meters }: { readonly sender: Sender; readonly watch: PacketWatch; readonly meters: Meters },
): Promise<EndToEndFigure> {
  const failures = new Failures();
  const times = { commit: new Samples(), received: new Samples(), delivered: new Samples() };
  const call = async (dueMs: number): Promise<void> => {
    const [id] = await sender.send(1);
    const committedMs = performance.now();
    if (id === undefined) throw new Error('a sending made no packet');
    const receivedMs = await watch.when('received', id);
    const deliveredMs = await watch.when('delivered', id);
    // By due time, so that all three are of the same transfers.
    times.commit.add(dueMs, committedMs - dueMs);
    times.received.add(dueMs, receivedMs - dueMs);
    times.delivered.add(dueMs, deliveredMs - dueMs);
  };
  const window = await measure(meters, length, openLoop(sendsPerSecond, call, failures));
  const commit = summarizeLatencies(times.commit.within(window));
  const received = times.received.within(window);
  const inCommits = received.map((latencyMs) => latencyMs / commit.p50Ms);
  return {
    load,
    sendsPerSecond: round(sendsPerSecond),
    seconds: length.seconds,
    commit,
    untilReceived: summarizeLatencies(received),
    untilDelivered: summarizeLatencies(times.delivered.within(window)),
    receivedInCommits: {
      p50: percentileSpread(inCommits, 50),
      p95: percentileSpread(inCommits, 95),
      p99: percentileSpread(inCommits, 99),
    },
    failures: failures.counts(),
    cpu: window.cpu,
  };
}
