// SPDX-License-Identifier: Apache-2.0

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type LaneHealth } from './lane-health';

/** The sources of a notary's metrics, which are read for each request. */
export interface Measured {
  /** The configuration in force by chain, 0 while none was read. */
  readonly sequences: () => Readonly<Record<string, number>>;
  readonly lanes: () => readonly LaneHealth[];
  readonly canSign: () => boolean;
  /** Whether the certificates and keys in use are those that lie in the files. */
  readonly hasCredentials: () => boolean;
}

/** The metrics of a notary for Prometheus; docs/grafana-dashboard.json shows them. */
export class NotaryMetrics {
  readonly #registry = new Registry();
  readonly #signed: Counter<'result'>;
  readonly #signSeconds: Histogram;
  readonly #compared: Counter<'result'>;
  readonly #collected: Counter<'notary' | 'result'>;
  readonly #carried: Counter<'lane' | 'step' | 'result'>;
  readonly #stepSeconds: Histogram<'step'>;

  constructor(organization: string) {
    const registers = [this.#registry];
    this.#registry.setDefaultLabels({ organization });
    collectDefaultMetrics({ register: this.#registry });
    this.#signed = new Counter({
      name: 'gridpeg_notary_sign_requests_total',
      help: 'Requests to sign by result: signed, or the code of the refusal',
      labelNames: ['result'],
      registers,
    });
    this.#signSeconds = new Histogram({
      name: 'gridpeg_notary_sign_seconds',
      help: 'Time from a proof to a signature',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
      registers,
    });
    this.#compared = new Counter({
      name: 'gridpeg_notary_source_checks_total',
      help:
        'Comparisons with the own peer of the source: compared, behind, unavailable, ' +
        'different; proof-only without one',
      labelNames: ['result'],
      registers,
    });
    this.#collected = new Counter({
      name: 'gridpeg_notary_signatures_collected_total',
      help: 'Answers of the committee by notary: signed, failed, or unfit (a signature that does not verify)',
      labelNames: ['notary', 'result'],
      registers,
    });
    this.#carried = new Counter({
      name: 'gridpeg_relay_entries_total',
      help: 'Packets delivered and receipts settled by this relay, by result',
      labelNames: ['lane', 'step', 'result'],
      registers,
    });
    this.#stepSeconds = new Histogram({
      name: 'gridpeg_relay_step_seconds',
      help: 'Time to prove, certify and commit one batch',
      labelNames: ['step'],
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
  }

  /** Adds gauges that are read for each request. */
  watch({ sequences, lanes, canSign, hasCredentials }: Measured): void {
    const registers = [this.#registry];
    new Gauge({
      name: 'gridpeg_notary_can_sign',
      help: '1 while this notary can sign, 0 while its history cannot be written or its key does not sign',
      registers,
      collect(): void {
        this.set(canSign() ? 1 : 0);
      },
    });
    new Gauge({
      name: 'gridpeg_notary_credentials_current',
      help: '1 while certificates and keys in use are those in the files, 0 while those in the files cannot be used',
      registers,
      collect(): void {
        this.set(hasCredentials() ? 1 : 0);
      },
    });
    new Gauge({
      name: 'gridpeg_chain_configuration_sequence',
      help: 'Sequence of the configuration last read from a chain',
      labelNames: ['chain'],
      registers,
      collect(): void {
        for (const [chain, sequence] of Object.entries(sequences())) this.set({ chain }, sequence);
      },
    });
    new Gauge({
      name: 'gridpeg_relay_in_flight',
      help: 'Packets of a lane that are not settled, as this relay last saw',
      labelNames: ['lane'],
      registers,
      collect(): void {
        for (const { laneId, inFlight } of lanes()) this.set({ lane: laneId }, inFlight);
      },
    });
    new Gauge({
      name: 'gridpeg_relay_last_round_timestamp_seconds',
      help: 'When this relay last saw both ledgers of a lane',
      labelNames: ['lane'],
      registers,
      collect(): void {
        for (const { laneId, lastRoundMs } of lanes()) this.set({ lane: laneId }, lastRoundMs / 1000);
      },
    });
  }

  /** @param seconds - undefined when nothing was signed */
  signRequest(result: string, seconds?: number): void {
    this.#signed.inc({ result });
    if (seconds !== undefined) this.#signSeconds.observe(seconds);
  }

  sourceChecked(result: string): void {
    this.#compared.inc({ result });
  }

  collected(notary: string, result: 'signed' | 'failed' | 'unfit'): void {
    this.#collected.inc({ notary, result });
  }

  carried(lane: string, step: string, results: Readonly<Record<string, number>>, seconds: number): void {
    for (const [result, count] of Object.entries(results)) this.#carried.inc({ lane, step, result }, count);
    this.#stepSeconds.observe({ step }, seconds);
  }

  /** @returns the text format of Prometheus, and its media type */
  async exposition(): Promise<{ readonly type: string; readonly body: string }> {
    return { type: this.#registry.contentType, body: await this.#registry.metrics() };
  }
}
