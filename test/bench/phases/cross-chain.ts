// SPDX-License-Identifier: Apache-2.0

import { type PacketId } from '@gridpeg/protocol';
import { closedLoop } from '../load/closed-loop';
import { addCpu, perUnit, type CpuPerUnit, type CpuUse } from '../measure/cpu-meter';
import { Failures } from '../measure/failures';
import { type MeasuredWindow } from '../measure/measure';
import { type PacketWatch } from '../measure/packet-watch';
import { type Sender } from '../load/sender';
import { Samples } from '../measure/samples';
import { round } from '../measure/round';
import { summarizeLatencies, type LatencySummary } from '../measure/summarize-latencies';
import { secondsOf, sliceOf, type Slice, type Subject } from './subject';

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
  /** The figure that counts: received on the destination, and settled at the source. */
  readonly deliveredPerSecond: number;
  /** Values by round, or a single one, of which comparisons are made. */
  readonly slices: readonly Slice[];
  /** Packets that a certificate carried in fact: relays put together what waits, up to 50. */
  readonly packetsPerCertificate: number;
  readonly largestCertificate: number;
  /** Latencies of the sending transactions. */
  readonly commit: LatencySummary;
  /** Latencies from the call of send, by packet. */
  readonly untilReceived: LatencySummary;
  readonly untilDelivered: LatencySummary;
  readonly failures: Readonly<Record<string, number>>;
  readonly cpu: CpuUse;
  readonly cpuPerTransfer: CpuPerUnit;
}

/** Transfers from the source chain to the destination chain, in one form. */
export class CrossChainSubject implements Subject {
  readonly name: string;
  readonly turn: number;
  readonly #form: CrossChainForm;
  readonly #sender: Sender;
  readonly #watch: PacketWatch;
  readonly #failures = new Failures();
  readonly #commits = new Samples();
  readonly #received = new Samples();
  readonly #delivered = new Samples();
  #lastPacket: PacketId | undefined;

  constructor(form: CrossChainForm, { sender, watch }: { readonly sender: Sender; readonly watch: PacketWatch }) {
    this.name = `across chains, ${form.packetsPerSend} a send, ${form.senders} at a time`;
    this.turn = form.senders * form.packetsPerSend;
    this.#form = form;
    this.#sender = sender;
    this.#watch = watch;
  }

  /** Sends until it is stopped, and then asks the ledger about the packet that was sent last. */
  readonly load: Subject['load'] = async (stop) => {
    await closedLoop(this.#form.senders, () => this.#send(), this.#failures)(stop);
    if (this.#lastPacket !== undefined) await this.#sender.checkDelivered(this.#lastPacket);
  };

  readonly count: Subject['count'] = (window) => sum(this.#watch.batchesWithin('delivered', window));

  /** @throws Error when nothing was delivered in one of the windows */
  figure(windows: readonly MeasuredWindow[]): CrossChainFigure {
    const seconds = windows.reduce((total, window) => total + secondsOf(window), 0);
    const batches = windows.flatMap((window) => this.#watch.batchesWithin('received', window));
    const received = sum(batches);
    const delivered = sum(windows.map(this.count));
    const cpu = addCpu(windows.map((window) => window.cpu));
    const summary = (samples: Samples): LatencySummary =>
      summarizeLatencies(windows.flatMap((window) => samples.within(window)));
    return {
      ...this.#form,
      seconds: round(seconds),
      received,
      delivered,
      receivedPerSecond: round(received / seconds),
      deliveredPerSecond: round(delivered / seconds),
      slices: windows.map((window) => sliceOf(this, window)),
      packetsPerCertificate: round(received / Math.max(1, batches.length)),
      largestCertificate: Math.max(0, ...batches),
      commit: summary(this.#commits),
      untilReceived: summary(this.#received),
      untilDelivered: summary(this.#delivered),
      failures: this.#failures.counts(),
      cpu,
      cpuPerTransfer: perUnit(cpu, delivered),
    };
  }

  async #send(): Promise<void> {
    const startMs = performance.now();
    const packetIds = await this.#commits.time(() => this.#sender.send(this.#form.packetsPerSend));
    this.#lastPacket = packetIds[0];
    await Promise.all(
      packetIds.map(async (id) => {
        const receivedMs = await this.#watch.when('received', id);
        this.#received.add(receivedMs, receivedMs - startMs);
        const deliveredMs = await this.#watch.when('delivered', id);
        this.#delivered.add(deliveredMs, deliveredMs - startMs);
      }),
    );
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
