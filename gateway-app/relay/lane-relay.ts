// SPDX-License-Identifier: Apache-2.0

import { setImmediate } from 'node:timers/promises';
import { type Mention, type PacketId, type TxId } from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { backOffMs, PegError, type PegEventSeen } from '../client';
import { LanePicture } from './core/lane-state';
import { nextStep, type LaneView, type Step } from './core/next-step';
import { relayRank } from './core/relay-rank';
import { StepMemory } from './core/in-flight-tracker';
import { type LaneHealth } from '../notary/metrics/lane-health';
import { LaneSteps, type LaneStepsParts, type StepDone } from './lane-steps';
import { type NotaryMetrics } from '../notary/metrics/notary-metrics';
import { WakeUp } from './wake-up';

/** What a lane's relay works with. */
export interface LaneRelayParts extends LaneStepsParts {
  readonly mspId: string;
  readonly takeoverDelayMs: number;
  readonly metrics: NotaryMetrics;
  readonly log: Logger;
}

/** How often the ledgers are looked at without a reason: while something is in flight, and while nothing is. */
const busyPollMs = 2_000;
const idlePollMs = 5_000;
/** A look at very many packets takes long: so many times that long passes before the next one, whatever asks for it. */
const restPerLook = 3;
const lookBackOff = { baseMs: 500, capMs: 10_000 };
/** By error class: what may pass soon is tried soon, what will not change only now and then. */
const stepBackOff = {
  retry: { baseMs: 200, capMs: 10_000 },
  drop: { baseMs: 1_000, capMs: 60_000 },
  fatal: { baseMs: 2_000, capMs: 60_000 },
} as const;

/**
 * Carries one lane's packets and receipts, for ever. What there is to do it reads from the ledgers; events tell what
 * changed between two looks, so that it need not look at each. What it carries is proven from the ledgers in any case.
 */
export class LaneRelay {
  readonly #parts: LaneRelayParts;
  readonly #steps: LaneSteps;
  readonly #wakeUp = new WakeUp();
  readonly #picture = new LanePicture();
  readonly #memory = new StepMemory();
  readonly #underWay = new Set<Promise<void>>();
  #movedAtMs = -Infinity;
  #isLooking = false;
  /** When a look is wanted, and before when there is none in any case. */
  #lookAtMs = -Infinity;
  #restUntilMs = -Infinity;
  #failedLooks = 0;
  /** What the source has in flight while the destination cannot be asked; 0 while both are known. */
  #atSource = 0;
  #health: Pick<LaneHealth, 'lastRoundMs' | 'trouble'> = { lastRoundMs: 0, trouble: '' };

  constructor(parts: LaneRelayParts) {
    this.#parts = parts;
    this.#steps = new LaneSteps(parts);
  }

  get health(): LaneHealth {
    const inFlight = Math.max(this.#picture.count, this.#atSource);
    return { laneId: this.#parts.lane.id, rank: this.#rank(), inFlight, ...this.#health };
  }

  /** Takes an event of either chain as a hint. */
  hear({ event, txId }: PegEventSeen): void {
    const now = performance.now();
    const ofLane = (mentions: readonly Mention[]): readonly PacketId[] =>
      mentions.filter(({ laneId }) => laneId === this.#parts.lane.id).map(({ id }) => id);
    const [sent, answered, settled] = [ofLane(event.packets), ofLane(event.receipts), ofLane(event.settled)];
    if (sent.length + answered.length + settled.length === 0) return;
    if (answered.length + settled.length > 0) this.#movedAtMs = now;
    const fits = this.#picture.hear({ txId, sent, answered, settled }, now);
    this.#lookAtMs = fits ? Math.min(this.#lookAtMs, now + busyPollMs) : -Infinity;
    this.#wakeUp.wake();
  }

  /** Works until the signal; then starts nothing new and waits for what is under way. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.#wakeUp.wake();
    signal.addEventListener('abort', stop);
    while (!signal.aborted) {
      await this.#wakeUp.sleep(this.#takeTurn());
      // All events of a block are heard first.
      await setImmediate();
    }
    await Promise.all(this.#underWay);
  }

  /**
   * Starts what there is to do. Whatever goes wrong in here ends the turn, and not the relay. @returns how long to wait
   */
  #takeTurn(): number {
    try {
      if (!this.#isLooking && this.#untilLookMs() === 0) this.#track(this.#look());
      const { steps, waitMs = idlePollMs } = this.#isReady() ? nextStep(this.#view()) : { steps: [] };
      for (const step of steps) this.#start(step);
      // A look that ends wakes the relay itself.
      return Math.min(waitMs, this.#isLooking ? idlePollMs : this.#untilLookMs());
    } catch (error) {
      this.#complain(error, 'decide');
      return idlePollMs;
    }
  }

  /** While an end has never answered there is nothing to certify by, but what waits for it is counted. */
  #isReady(): boolean {
    const { source, destination } = this.#parts;
    return source.chain.configuration !== undefined && destination.chain.configuration !== undefined;
  }

  #untilLookMs(): number {
    return Math.max(0, Math.max(this.#lookAtMs, this.#restUntilMs) - performance.now());
  }

  /** Nothing waits for a look: the picture takes news in while the ledgers are asked. */
  async #look(): Promise<void> {
    const { lane, source, destination } = this.#parts;
    const beganMs = performance.now();
    this.#isLooking = true;
    // What asks for another look from here on gets it.
    this.#lookAtMs = Infinity;
    try {
      const inFlight = await source.chain.client.inFlight(lane.id);
      this.#atSource = inFlight.length;
      const ids = inFlight.map(({ packetId }) => packetId);
      const receipts = ids.length === 0 ? [] : await destination.chain.client.getReceipts(ids);
      const now = performance.now();
      this.#picture.look(inFlight, receipts, beganMs, now);
      this.#memory.keepOnly(this.#picture.txIds());
      this.#atSource = 0;
      this.#lookAtMs = Math.min(this.#lookAtMs, now + (this.#picture.count > 0 ? busyPollMs : idlePollMs));
      this.#restUntilMs = now + (now - beganMs) * restPerLook;
      this.#failedLooks = 0;
      this.#health = { lastRoundMs: Date.now(), trouble: this.#picture.count === 0 ? '' : this.#health.trouble };
    } catch (error) {
      this.#complain(error, 'look');
      this.#lookAtMs = -Infinity;
      this.#restUntilMs = performance.now() + backOffMs(lookBackOff, this.#failedLooks, (1 + Math.random()) / 2);
      this.#failedLooks += 1;
    } finally {
      this.#isLooking = false;
    }
  }

  #view(): LaneView {
    const { takeoverDelayMs } = this.#parts;
    const now = performance.now();
    const memory = this.#memory.view(now);
    const isHeld = (txId: TxId): boolean => (memory.heldMs.get(txId) ?? 0) > 0;
    const packets = this.#picture.packets(now, (txId) => memory.underWay.has(txId) || isHeld(txId));
    const quietMs = now - this.#movedAtMs;
    return { packets, rank: this.#rank(), takeoverDelayMs, quietMs, ...memory };
  }

  #start(step: Step): void {
    this.#memory.start(step, performance.now());
    this.#track(this.#act(step));
  }

  #track(work: Promise<void>): void {
    const ended = work.catch((error: unknown) => {
      this.#complain(error, 'end');
    });
    const tracked = ended.finally(() => {
      this.#underWay.delete(tracked);
      this.#wakeUp.wake();
    });
    this.#underWay.add(tracked);
  }

  async #act(step: Step): Promise<void> {
    const startedMs = performance.now();
    const failures = this.#memory.failures(step);
    try {
      const done = await this.#steps.take(step);
      this.#report(step, done, performance.now() - startedMs);
      this.#note(step, done);
      // Nothing was submitted: another relay was faster and this peer has not got its block yet, or every entry was
      // skipped.
      const holdMs = done.blockNumber === undefined ? backOffMs(stepBackOff.retry, failures, 1) : 0;
      this.#memory.end({ step, holdMs, separate: false }, performance.now());
    } catch (error) {
      this.#complain(error, step.do, step);
      this.#lookAtMs = -Infinity;
      const kind = error instanceof PegError ? error.class : 'fatal';
      const holdMs = 1 + backOffMs(stepBackOff[kind], failures, (1 + Math.random()) / 2);
      this.#memory.end({ step, holdMs, separate: kind === 'drop' }, performance.now());
    }
  }

  /** What this relay has done itself it need not be told. */
  #note(step: Step, { answer, blockNumber }: StepDone): void {
    const own = blockNumber === undefined ? [] : answer.results.filter(({ result }) => isNews(result));
    const ids = own.map(({ packetId }) => packetId);
    const news = step.do === 'deliver' ? { answered: ids, settled: [] } : { answered: [], settled: ids };
    const fits = this.#picture.hear({ txId: answer.txId, sent: [], ...news }, performance.now());
    if (!fits || own.length < answer.results.length) this.#lookAtMs = -Infinity;
  }

  #report(step: Step, { answer, blockNumber, entries, certificateBytes }: StepDone, tookMs: number): void {
    const counts: Record<string, number> = {};
    for (const { result } of answer.results) counts[result] = (counts[result] ?? 0) + 1;
    this.#parts.metrics.carried(this.#parts.lane.id, step.do, counts, tookMs / 1000);
    const skipped = answer.results.filter(({ result }) => result === 'skipped').map(({ code }) => code);
    const facts = { lane: this.#parts.lane.id, do: step.do, entries, counts, tookMs, certificateBytes };
    const block = blockNumber === undefined ? {} : { txId: answer.txId, block: blockNumber.toString() };
    if (skipped.length > 0) this.#health = { ...this.#health, trouble: `skipped: ${[...new Set(skipped)].join(', ')}` };
    else this.#health = { ...this.#health, trouble: '' };
    if (skipped.length > 0)
      this.#parts.log.warn({ ...facts, ...block, skipped: [...new Set(skipped)] }, 'entries skipped');
    else if (blockNumber === undefined) this.#parts.log.debug(facts, 'already done');
    else this.#parts.log.info({ ...facts, ...block }, step.do === 'deliver' ? 'delivered' : 'settled');
  }

  #complain(error: unknown, during: string, step?: Step): void {
    const { log, lane } = this.#parts;
    const reason = error instanceof Error ? error.message : String(error);
    // Anybody may read it, so what peers said goes to the log only.
    this.#health = { ...this.#health, trouble: error instanceof PegError ? error.code : 'UNEXPECTED' };
    const facts = { lane: lane.id, during, txIds: step?.txIds, reason };
    if (error instanceof PegError) log.warn(facts, 'will try again');
    else log.error({ ...facts, err: error }, 'unexpected');
  }

  #rank(): number {
    const { lane, mspId, source, destination } = this.#parts;
    const members = (configuration = source.chain.configuration): readonly string[] => configuration?.members ?? [];
    const atSource = members();
    const committee = destination.chain.configuration?.chains.find(({ chainId }) => chainId === lane.sourceChainId);
    const candidates = (committee?.committee.notaries ?? []).map((notary) => notary.mspId);
    const atDestination = members(destination.chain.configuration);
    return relayRank(
      lane.id,
      mspId,
      candidates.filter((name) => atSource.includes(name) && atDestination.includes(name)),
    );
  }
}

function isNews(result: StepDone['answer']['results'][number]['result']): boolean {
  return result !== 'already-done' && result !== 'skipped';
}
