// SPDX-License-Identifier: Apache-2.0

import { type InFlight, type PacketId, type PegEvent, type ReceiptEntry } from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { backOffMs, PegError } from '../../client';
import { nextStep, type LaneView, type PacketSeen, type Step } from '../core/next-step';
import { relayRank } from '../core/relay-rank';
import { Sightings } from '../core/sightings';
import { StepMemory } from '../core/step-memory';
import { type LaneHealth } from './lane-health';
import { LaneSteps, type LaneStepsParts, type StepDone } from './lane-steps';
import { type NotaryMetrics } from './notary-metrics';
import { WakeUp } from './wake-up';

/** What a lane's relay works with. */
export interface LaneRelayParts extends LaneStepsParts {
  readonly mspId: string;
  readonly takeoverDelayMs: number;
  readonly metrics: NotaryMetrics;
  readonly log: Logger;
}

/** How often the ledgers are looked at without being woken: while something is in flight, and while nothing is. */
const busyPollMs = 1_000;
const idlePollMs = 5_000;
const roundBackOff = { baseMs: 500, capMs: 10_000 };
/** By error class: what may pass soon is tried soon, what will not change only now and then. */
const stepBackOff = {
  retry: { baseMs: 200, capMs: 10_000 },
  drop: { baseMs: 1_000, capMs: 60_000 },
  fatal: { baseMs: 2_000, capMs: 60_000 },
} as const;

/**
 * Carries one lane's packets and receipts, for ever. Everything it acts on is read from the ledgers in each round; events only wake
 * it, and what it remembers only spares work.
 */
export class LaneRelay {
  readonly #parts: LaneRelayParts;
  readonly #steps: LaneSteps;
  readonly #wakeUp = new WakeUp();
  readonly #packetsSeen = new Sightings();
  readonly #receiptsSeen = new Sightings();
  readonly #memory = new StepMemory();
  readonly #underWay = new Set<Promise<void>>();
  #movedAtMs = -Infinity;
  #health: Pick<LaneHealth, 'inFlight' | 'lastRoundMs' | 'trouble'> = { inFlight: 0, lastRoundMs: 0, trouble: '' };

  constructor(parts: LaneRelayParts) {
    this.#parts = parts;
    this.#steps = new LaneSteps(parts);
  }

  get health(): LaneHealth {
    return { laneId: this.#parts.lane.id, rank: this.#rank(), ...this.#health };
  }

  /** Takes an event of either chain as a hint. */
  hear({ packets, receipts, settled }: PegEvent): void {
    const now = Date.now();
    const ofLane = (mentions: PegEvent['packets']): readonly PacketId[] =>
      mentions.filter(({ laneId }) => laneId === this.#parts.lane.id).map(({ id }) => id);
    const [sent, answered, closed] = [ofLane(packets), ofLane(receipts), ofLane(settled)];
    for (const id of sent) this.#packetsSeen.see(id, now);
    for (const id of answered) this.#receiptsSeen.see(id, now);
    for (const id of closed) this.#packetsSeen.forget(id);
    if (answered.length + closed.length > 0) this.#movedAtMs = now;
    if (sent.length + answered.length === 0) return;
    const delayMs = this.#rank() * this.#parts.takeoverDelayMs;
    if (delayMs === 0) this.#wakeUp.wake();
    // By then the relay whose turn it is has usually settled it all, and there is nothing to look at.
    else setTimeout(() => this.#packetsSeen.count > 0 && this.#wakeUp.wake(), delayMs).unref();
  }

  /** Works until the signal; then starts nothing new and waits for what is under way. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => this.#wakeUp.wake();
    signal.addEventListener('abort', stop);
    let failures = 0;
    while (!signal.aborted) {
      const [waitMs, failed] = await this.#lookAndAct(failures);
      failures = failed ? failures + 1 : 0;
      await this.#wakeUp.sleep(waitMs);
    }
    await Promise.all(this.#underWay);
  }

  async #lookAndAct(failures: number): Promise<readonly [waitMs: number, failed: boolean]> {
    try {
      const { steps, waitMs } = nextStep(await this.#look());
      for (const step of steps) this.#start(step);
      const pollMs = this.#health.inFlight > 0 ? busyPollMs : idlePollMs;
      return [Math.min(waitMs ?? pollMs, pollMs), false];
    } catch (error) {
      this.#complain(error, 'round');
      return [backOffMs(roundBackOff, failures, (1 + Math.random()) / 2), true];
    }
  }

  async #look(): Promise<LaneView> {
    const { lane, source, destination, takeoverDelayMs } = this.#parts;
    const all = await source.chain.client.inFlight();
    const inFlight = all.filter(({ laneId }) => laneId === lane.id);
    const ids = inFlight.map(({ packetId }) => packetId);
    const receipts = ids.length === 0 ? [] : await destination.chain.client.getReceipts(ids);
    const packets = this.#seen(inFlight, receipts);
    this.#health = {
      inFlight: packets.length,
      lastRoundMs: Date.now(),
      trouble: packets.length === 0 ? '' : this.#health.trouble,
    };
    const now = Date.now();
    const quietMs = now - this.#movedAtMs;
    return { packets, rank: this.#rank(), takeoverDelayMs, quietMs, ...this.#memory.view(now) };
  }

  #seen(inFlight: readonly InFlight[], receipts: readonly ReceiptEntry[]): readonly PacketSeen[] {
    const now = Date.now();
    const ids = new Set(inFlight.map(({ packetId }) => packetId));
    this.#packetsSeen.keepOnly(ids);
    this.#receiptsSeen.keepOnly(ids);
    const byPacket = new Map(receipts.map((receipt) => [receipt.packetId, receipt]));
    const packets = inFlight.map(({ packetId, txId }) => {
      const receipt = byPacket.get(packetId);
      const seen = receipt && { txId: receipt.txId, ageMs: this.#receiptsSeen.ageMs(packetId, now) };
      return { packetId, txId, ageMs: this.#packetsSeen.ageMs(packetId, now), receipt: seen };
    });
    this.#memory.keepOnly(new Set(packets.flatMap(({ txId, receipt }) => [txId, ...(receipt ? [receipt.txId] : [])])));
    return packets;
  }

  #start(step: Step): void {
    this.#memory.start(step);
    const work = this.#act(step).finally(() => {
      this.#underWay.delete(work);
      this.#wakeUp.wake();
    });
    this.#underWay.add(work);
  }

  async #act(step: Step): Promise<void> {
    const startedMs = Date.now();
    const failures = this.#memory.failures(step);
    try {
      const done = await this.#steps.take(step);
      this.#report(step, done, Date.now() - startedMs);
      // Nothing was submitted: another relay was faster and this peer has not got its block yet, or every entry was skipped.
      const holdMs = done.blockNumber === undefined ? backOffMs(stepBackOff.retry, failures, 1) : 0;
      this.#memory.end({ step, holdMs, separate: false }, Date.now());
    } catch (error) {
      this.#complain(error, step.do, step);
      const kind = error instanceof PegError ? error.class : 'fatal';
      const holdMs = 1 + backOffMs(stepBackOff[kind], failures, (1 + Math.random()) / 2);
      this.#memory.end({ step, holdMs, separate: kind === 'drop' }, Date.now());
    }
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
    this.#health = { ...this.#health, trouble: reason };
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
