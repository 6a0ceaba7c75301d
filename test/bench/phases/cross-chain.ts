// SPDX-License-Identifier: Apache-2.0

import { type PacketId } from '@gridpeg/protocol';
import { closedLoop } from '../load/closed-loop';
import { perUnit, type CpuPerUnit, type CpuUse } from '../measure/cpu-meter';
import { Failures } from '../measure/failures';
import { measure, type Meters, type PhaseLength } from '../measure/measure';
import { type PacketWatch } from '../measure/packet-watch';
import { type Sender } from '../load/sender';
import { Samples } from '../measure/samples';
import { round, summarizeLatencies, type LatencySummary } from '../measure/summarize-latencies';

/** Packets in a sending transaction, and how many senders there are; each waits until its packets are delivered. */
export interface CrossChainForm {
  readonly packetsPerSend: number;
  readonly senders: number;
}

/** What one form of sending did. */
export interface CrossChainFigure extends CrossChainForm {
  readonly seconds: number;
  readonly received: number;
  readonly delivered: number;
  readonly receivedPerSecond: number;
  /** the figure that counts: received on the destination, and settled at the source */
  readonly deliveredPerSecond: number;
  /** packets that a certificate carried in fact: relays put together what waits, up to 50 */
  readonly packetsPerCertificate: number;
  readonly largestCertificate: number;
  /** of the sending transactions */
  readonly commit: LatencySummary;
  /** from the call of send, by packet */
  readonly untilReceived: LatencySummary;
  readonly untilDelivered: LatencySummary;
  readonly failures: Readonly<Record<string, number>>;
  readonly cpu: CpuUse;
  readonly cpuPerTransfer: CpuPerUnit;
}

/** Rounds of all senders that a window must hold, so that it does not matter much where it begins and ends. */
const leastRounds = 3;

/** Measures transfers from the source chain to the destination chain, in one form. @throws what sending threw */
export async function measureCrossChain(
  form: CrossChainForm,
  length: PhaseLength,
  { sender, watch, meters }: { readonly sender: Sender; readonly watch: PacketWatch; readonly meters: Meters },
): Promise<CrossChainFigure> {
  const failures = new Failures();
  const times = { commit: new Samples(), received: new Samples(), delivered: new Samples() };
  let last: PacketId | undefined;
  const call = async (): Promise<void> => {
    const startMs = performance.now();
    const packetIds = await times.commit.time(() => sender.send(form.packetsPerSend));
    last = packetIds[0];
    await Promise.all(
      packetIds.map(async (id) => {
        const receivedMs = await watch.when('received', id);
        times.received.add(receivedMs, receivedMs - startMs);
        const deliveredMs = await watch.when('delivered', id);
        times.delivered.add(deliveredMs, deliveredMs - startMs);
      }),
    );
  };
  const beganMs = performance.now();
  const ofOneRound = form.senders * form.packetsPerSend;
  const enough = {
    isWarm: () => watch.countSince('delivered', beganMs) >= ofOneRound,
    isEnough: (startMs: number) => watch.countSince('delivered', startMs) >= ofOneRound * leastRounds,
  };
  const window = await measure(meters, { ...length, ...enough }, closedLoop(form.senders, call, failures));
  if (last !== undefined) await sender.checkDelivered(last);
  const seconds = (window.endMs - window.startMs) / 1000;
  const batches = watch.batchesWithin('received', window);
  const received = sum(batches);
  const delivered = sum(watch.batchesWithin('delivered', window));
  return {
    ...{ ...form, seconds: round(seconds), received, delivered },
    receivedPerSecond: round(received / seconds),
    deliveredPerSecond: round(delivered / seconds),
    packetsPerCertificate: round(received / Math.max(1, batches.length)),
    largestCertificate: Math.max(0, ...batches),
    commit: summarizeLatencies(times.commit.within(window)),
    untilReceived: summarizeLatencies(times.received.within(window)),
    untilDelivered: summarizeLatencies(times.delivered.within(window)),
    failures: failures.counts(),
    cpu: window.cpu,
    cpuPerTransfer: perUnit(window.cpu, delivered),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
