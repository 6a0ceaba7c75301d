// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one loop, the state of which no other class may change.

import { setImmediate } from 'node:timers/promises';
import { type Mention, type PacketId, type TxId } from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { backOffMs, PegError, type PegEventSeen } from '../client';
import { type LaneHealth } from '../notary/metrics/lane-health';
import { type NotaryMetrics } from '../notary/metrics/notary-metrics';
import { InFlightTracker } from './core/in-flight-tracker';
import { LaneState } from './core/lane-state';
import { nextStep, type LaneView, type Step } from './core/next-step';
import { relayCandidates, relayRank } from './core/relay-rank';
import { longestSleepMs, ResyncSchedule } from './core/resync-schedule';
import { LaneReport } from './lane-report';
import { LaneSteps, type LaneStepsParts, type StepDone } from './lane-steps';
import { RunningWork } from './running-work';
import { WakeUp } from './wake-up';

/** What a lane's relay works with. */
export interface LaneRelayParts extends LaneStepsParts {
  readonly mspId: string;
  readonly takeoverDelayMs: number;
  readonly metrics: NotaryMetrics;
  readonly log: Logger;
}

const resyncBackOff = { baseMs: 500, capMs: 10_000 };
/** By error class: what may pass soon is tried again soon, and what will not change by itself only now and then. */
const stepBackOff = {
  retry: { baseMs: 200, capMs: 10_000 },
  drop: { baseMs: 1_000, capMs: 60_000 },
  fatal: { baseMs: 2_000, capMs: 60_000 },
} as const;

/** Results of entries that changed nothing on the ledger. */
const unchanged: ReadonlySet<string> = new Set(['already-done', 'skipped']);

/**
 * Carries the packets and receipts of one lane until it is stopped.
 *
 * It keeps a {@link LaneState}, its belief about what is in flight. A resync reads that from both ledgers, and events
 * update it between two resyncs. Each turn decides from it, by {@link nextStep}, which certificates to carry now. The
 * state may be wrong, because every step is proven from the ledgers, and the chaincode refuses what is false.
 */
export class LaneRelay {
  readonly #parts: LaneRelayParts;
  readonly #steps: LaneSteps;
  readonly #report: LaneReport;
  readonly #wakeUp = new WakeUp();
  readonly #state = new LaneState();
  readonly #tracker = new InFlightTracker();
  readonly #schedule = new ResyncSchedule();
  /** Steps and resyncs. */
  readonly #running = new RunningWork(
    (error) => this.#report.recordFailure(error, 'end'),
    () => this.#wakeUp.wake(),
  );
  #isResyncing = false;
  /** Unix milliseconds of the last resync that succeeded; 0 when there was none. */
  #lastResyncMs = 0;
  /** When a packet of the lane was last answered or settled, by any relay; of the monotonic clock. */
  #lastProgressMs = -Infinity;
  /** How many packets the source has in flight, while the destination cannot be asked; 0 while both can. */
  #inFlightAtSource = 0;

  constructor(parts: LaneRelayParts) {
    this.#parts = parts;
    this.#steps = new LaneSteps(parts);
    this.#report = new LaneReport({ laneId: parts.lane.id, metrics: parts.metrics, log: parts.log });
  }

  get health(): LaneHealth {
    const inFlight = Math.max(this.#state.count, this.#inFlightAtSource);
    const { lastError } = this.#report;
    return { laneId: this.#parts.lane.id, rank: this.#rank(), inFlight, lastRoundMs: this.#lastResyncMs, lastError };
  }

  /** Updates the belief by an event of either chain, and resyncs when the event does not fit into it. */
  applyEvent({ event, txId }: PegEventSeen): void {
    const now = performance.now();
    const ofLane = (mentions: readonly Mention[]): readonly PacketId[] =>
      mentions.filter(({ laneId }) => laneId === this.#parts.lane.id).map(({ id }) => id);
    const sent = ofLane(event.packets);
    const answered = ofLane(event.receipts);
    const settled = ofLane(event.settled);
    if (sent.length + answered.length + settled.length === 0) return;
    if (answered.length + settled.length > 0) this.#lastProgressMs = now;
    if (this.#state.apply({ txId, sent, answered, settled }, now)) this.#schedule.expectSoon(now);
    else this.#schedule.request();
    this.#wakeUp.wake();
  }

  /** Works until the signal; then starts nothing new and waits for what has been started. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#wakeUp.wake());
    while (!signal.aborted) {
      await this.#wakeUp.sleep(this.#takeTurn());
      // The events of one block arrive one by one; the next turn sees all of them.
      await setImmediate();
    }
    await this.#running.ended();
  }

  /**
   * Starts a resync and steps that are due. An error in here ends the turn, and not the relay.
   *
   * @returns how long to sleep, in milliseconds, unless an event or the end of a step wakes the relay before
   */
  #takeTurn(): number {
    try {
      if (!this.#isResyncing && this.#schedule.waitMs(performance.now()) === 0) this.#running.track(this.#resync());
      const { steps, waitMs = longestSleepMs } = this.#canDecide() ? nextStep(this.#view()) : { steps: [] };
      for (const step of steps) this.#start(step);
      const untilResyncMs = this.#isResyncing ? longestSleepMs : this.#schedule.waitMs(performance.now());
      return Math.min(waitMs, untilResyncMs);
    } catch (error) {
      this.#report.recordFailure(error, 'decide');
      return longestSleepMs;
    }
  }

  /** A certificate needs the configuration of both chains; until both have answered, the relay only counts packets. */
  #canDecide(): boolean {
    const { source, destination } = this.#parts;
    return source.chain.configuration !== undefined && destination.chain.configuration !== undefined;
  }

  /** Reads from both ledgers what is in flight. Steps and events continue at the same time. */
  async #resync(): Promise<void> {
    const { lane, source, destination } = this.#parts;
    const startedMs = performance.now();
    this.#isResyncing = true;
    this.#schedule.started();
    try {
      const inFlight = await source.chain.client.inFlight(lane.id);
      this.#inFlightAtSource = inFlight.length;
      const ids = inFlight.map(({ packetId }) => packetId);
      const receipts = ids.length === 0 ? [] : await destination.chain.client.getReceipts(ids);
      const now = performance.now();
      this.#state.resync(inFlight, receipts, startedMs, now);
      this.#tracker.keepOnly(this.#state.txIds());
      this.#inFlightAtSource = 0;
      this.#schedule.succeeded(startedMs, now, this.#state.count);
      this.#lastResyncMs = Date.now();
      if (this.#state.count === 0) this.#report.clearLastError();
    } catch (error) {
      this.#report.recordFailure(error, 'resync');
      const backOff = backOffMs(resyncBackOff, this.#schedule.failures, (1 + Math.random()) / 2);
      this.#schedule.failed(performance.now(), backOff);
    } finally {
      this.#isResyncing = false;
    }
  }

  #view(): LaneView {
    const now = performance.now();
    const tracked = this.#tracker.view(now);
    const isBusy = (txId: TxId): boolean => tracked.underWay.has(txId) || (tracked.retryInMs.get(txId) ?? 0) > 0;
    const packets = this.#state.packets(now, isBusy);
    const { takeoverDelayMs } = this.#parts;
    return { packets, rank: this.#rank(), takeoverDelayMs, quietMs: now - this.#lastProgressMs, ...tracked };
  }

  #start(step: Step): void {
    this.#tracker.start(step, performance.now());
    this.#running.track(this.#perform(step));
  }

  async #perform(step: Step): Promise<void> {
    const startedMs = performance.now();
    const failures = this.#tracker.failures(step);
    try {
      const done = await this.#steps.perform(step);
      this.#report.recordStep(step, done, performance.now() - startedMs);
      this.#applyOwn(step, done);
      // Without a block nothing was submitted: another relay was faster and the own peer has not got its block yet, or
      // every entry was skipped.
      const holdMs = done.blockNumber === undefined ? backOffMs(stepBackOff.retry, failures, 1) : 0;
      this.#tracker.end({ step, holdMs, unbatch: false }, performance.now());
    } catch (error) {
      this.#report.recordFailure(error, step.do, step);
      this.#schedule.request();
      const kind = error instanceof PegError ? error.class : 'fatal';
      const holdMs = 1 + backOffMs(stepBackOff[kind], failures, (1 + Math.random()) / 2);
      this.#tracker.end({ step, holdMs, unbatch: kind === 'drop' }, performance.now());
    }
  }

  /** Updates the belief by what this relay itself has just committed, without waiting for the event. */
  #applyOwn(step: Step, { answer, blockNumber }: StepDone): void {
    const committed = blockNumber === undefined ? [] : answer.results.filter(({ result }) => !unchanged.has(result));
    const ids = committed.map(({ packetId }) => packetId);
    const change = step.do === 'deliver' ? { answered: ids, settled: [] } : { answered: [], settled: ids };
    const isConsistent = this.#state.apply({ txId: answer.txId, sent: [], ...change }, performance.now());
    if (!isConsistent || committed.length < answer.results.length) this.#schedule.request();
  }

  #rank(): number {
    const { lane, mspId, source, destination } = this.#parts;
    const candidates = relayCandidates(lane, source.chain.configuration, destination.chain.configuration);
    return relayRank(lane.id, mspId, candidates);
  }
}
