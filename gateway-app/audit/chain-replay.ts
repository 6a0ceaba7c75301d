// SPDX-License-Identifier: Apache-2.0

import { limits, type ChainId } from '@gridpeg/protocol';
import { type AuditBlock, type AuditTransaction } from './blocks/audit-block';
import { type Crossings } from './report/crossings';
import { type Finding, type Report } from './report/finding';
import { carriedBatch, type CarriedBatch } from './replay/carried-batch';
import { answerQuestion, checkAbsences, type OpenQuestion } from './checks/check-absence';
import { CounterWatch } from './checks/check-counters';
import { checkGovernance } from './checks/check-governance';
import { IssueWatch } from './checks/check-issuing';
import { LaneWatch } from './checks/check-lanes';
import { checkRequest } from './checks/check-requests';
import { checkValue } from './checks/check-value';
import { Flows } from './replay/flows';
import { inFlightTypes, LedgerState } from './replay/ledger-state';
import { collectFacts, type TransactionFacts } from './replay/transaction-facts';

/** What a replay needs to know of its chain, and where its findings go. */
export interface ReplayOptions {
  readonly name: string;
  readonly chainId: ChainId;
  readonly chaincodeName: string;
  readonly crossings: Crossings;
  readonly report: (finding: Finding) => void;
}

/**
 * One chain's ledger, rebuilt from the write sets of its VALID transactions, block after block; keeps only what is
 * alive.
 */
export class ChainReplay {
  readonly name: string;
  readonly chainId: ChainId;
  readonly state: LedgerState;
  readonly flows = new Flows();
  readonly #options: ReplayOptions;
  readonly #lanes = new LaneWatch();
  readonly #issues = new IssueWatch();
  readonly #counters = new CounterWatch();
  readonly #questions: OpenQuestion[] = [];
  #height = 0n;
  #transactions = 0;

  constructor(options: ReplayOptions) {
    this.name = options.name;
    this.chainId = options.chainId;
    this.state = new LedgerState(options.chainId);
    this.#options = options;
  }

  /** Number of blocks that were applied. */
  get height(): bigint {
    return this.#height;
  }

  /** Number of transactions that wrote something. */
  get transactions(): number {
    return this.#transactions;
  }

  /** @param nowMs - Unix milliseconds of whoever audits */
  apply({ number, transactions }: AuditBlock, nowMs: bigint): void {
    for (const transaction of transactions) this.#apply(number, transaction, nowMs);
    this.#height = number + 1n;
    this.#transactions += transactions.length;
  }

  /** Judges absences that take another look at an earlier block. @param read - the transactions of a block */
  async answerQuestions(read: (block: bigint) => Promise<readonly AuditTransaction[]>): Promise<void> {
    for (const question of this.#questions.splice(0)) answerQuestion(question, await read(question.block));
  }

  #apply(block: bigint, transaction: AuditTransaction, nowMs: bigint): void {
    const { txId, timeMs } = transaction;
    const report: Report = (rule, about, expected, found, laneId) => {
      this.#options.report({ rule, chain: this.name, block, txId, laneId, about, expected, found });
    };
    const aheadMs = 2n * BigInt(limits.skewSeconds) * 1000n;
    if (timeMs > nowMs + aheadMs) report('TIME_AHEAD', 'transaction', `at most ${nowMs.toString()}`, timeMs.toString());
    const facts = collectFacts(transaction, this.#options.chaincodeName, this.state, report);
    const carried = carriedBatch(facts, report);
    if (movesValue(facts)) {
      checkRequest(facts, carried, this.state, report);
      checkValue(facts, carried, this.state, report);
      this.#lanes.check(facts, carried, this.state, report);
      this.#counters.check(facts, carried, this.state, report);
      this.#issues.check(facts, this.state, report);
    }
    checkGovernance(facts, this.state, report);
    this.#questions.push(...checkAbsences(facts, this.state, report));
    this.#cross(block, facts);
    this.#flow(facts, carried);
  }

  #cross(block: bigint, { written, transaction }: TransactionFacts): void {
    const { crossings } = this.#options;
    const place = { chain: this.name, block, txId: transaction.txId };
    for (const { id, laneId, destinationChainId } of written.outbox.flatMap(({ packets }) => packets)) {
      const packetHash = this.state.flights.get(id)?.packetHash ?? '';
      crossings.sent(id, { laneId, packetHash, destinationChainId });
    }
    for (const { packetId, laneId, packetHash, outcome } of written.receipt) {
      const sourceChainId = this.state.get('lane', laneId)?.sourceChainId;
      if (sourceChainId !== undefined)
        crossings.answered(packetId, { laneId, packetHash, outcome, sourceChainId }, place);
    }
    for (const { packetId, laneId, outcome } of written.settled) {
      const destinationChainId = this.state.get('lane', laneId)?.destinationChainId;
      if (destinationChainId !== undefined) crossings.ended(packetId, { laneId, outcome, destinationChainId }, place);
    }
  }

  #flow({ written, arrived }: TransactionFacts, carried: CarriedBatch): void {
    for (const packet of written.outbox.flatMap(({ packets }) => packets))
      this.flows.add('sent', packet.laneId, packet);
    for (const { packetId, laneId } of written.receipt.filter(({ outcome }) => outcome === 'received')) {
      const packet = carried.packets.get(packetId)?.value;
      if (packet !== undefined) this.flows.add(packet.kind === 'transfer' ? 'received' : 'ended', laneId, packet);
    }
    for (const { packetId, laneId } of written.settled.filter(({ outcome }) => outcome === 'refunded')) {
      const flight = arrived.get(packetId);
      if (flight !== undefined) this.flows.add('givenBack', laneId, flight);
    }
    for (const { kind, asset, quantity } of written.supply) {
      this.flows.add(kind, '', { asset, quantity, label: { home: this.chainId, path: [] } });
    }
  }
}

/** Whether anything of value, or of a packet, is written. */
function movesValue({ written, spentNotes, deleted, name }: TransactionFacts): boolean {
  const { note, escrow, supply, outbox, settled, receipt } = written;
  const entries = inFlightTypes.flatMap((type) => [written[type], deleted[type]]);
  const lists = [note, escrow, supply, outbox, settled, receipt, spentNotes, deleted.escrow, ...entries];
  return name.startsWith('peg:') || lists.some(({ length }) => length > 0);
}
