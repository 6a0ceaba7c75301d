// SPDX-License-Identifier: Apache-2.0

import { type ChainId } from '@gridpeg/protocol';
import { type AuditReport, type ReadCopies } from './report/audit-report';
import { type AuditBlock, type AuditTransaction } from './blocks/audit-block';
import { ChainReplay } from './chain-replay';
import { Crossings } from './report/crossings';
import { type Finding } from './report/finding';
import { homeSupply } from './home-supply';
import { holdingsOf, laneTotals } from './lane-totals';
import { parseRecord, recordKey } from './replay/ledger-record';

/** A chain to judge. */
export interface JudgedChain {
  readonly name: string;
  readonly chainId: ChainId;
  readonly chaincodeName: string;
}

const unread: ReadCopies = { organization: '', comparedWith: undefined, compared: 0n };

/** How many findings are kept. Further ones are only counted. */
const maximumFindings = 10_000;

/**
 * Judges the ledgers of chains against each other, block by block in the order of each chain; docs/spec/07-audit.md. It
 * keeps what is alive, and sums, but no blocks.
 */
export class Auditor {
  readonly #replays: readonly ChainReplay[];
  readonly #crossings: Crossings;
  readonly #findings: Finding[] = [];

  constructor(chains: readonly JudgedChain[]) {
    const report = (finding: Finding): void => this.add(finding);
    this.#crossings = new Crossings(
      chains.map(({ chainId }) => chainId),
      report,
    );
    this.#replays = chains.map((chain) => new ChainReplay({ ...chain, crossings: this.#crossings, report }));
  }

  /** Adds a finding of another part of the audit, for example about a block itself. */
  add(finding: Finding): void {
    if (this.#findings.length < maximumFindings) this.#findings.push(finding);
  }

  /**
   * The next block of a chain.
   *
   * @param chain - its place among the chains
   * @param nowMs - Unix milliseconds of whoever audits
   */
  apply(chain: number, block: AuditBlock, nowMs: bigint): void {
    this.#replay(chain).apply(block, nowMs);
  }

  /**
   * Whether all that a block refers to on other chains was applied: a receipt needs its packet, a settlement its
   * receipt.
   */
  isComplete(chain: number, { transactions }: AuditBlock): boolean {
    const { state } = this.#replay(chain);
    return transactions
      .flatMap(({ writes }) => writes)
      .every(({ key, value }) => {
        const found = recordKey(key);
        if (found === undefined || value === undefined) return true;
        if (found.type === 'receipt') {
          const receipt = parseRecord('receipt', found.attributes, value);
          const source = receipt && state.get('lane', receipt.laneId)?.sourceChainId;
          return receipt === undefined || source === undefined || this.#crossings.isSent(receipt.packetId, source);
        }
        if (found.type !== 'settled') return true;
        const settled = parseRecord('settled', found.attributes, value);
        return settled === undefined || this.#crossings.isAnswered(settled.packetId);
      });
  }

  /** Judges what takes another look at an earlier block of a chain. @param read - the transactions of a block */
  answerQuestions(chain: number, read: (block: bigint) => Promise<readonly AuditTransaction[]>): Promise<void> {
    return this.#replay(chain).answerQuestions(read);
  }

  /** How much is kept: current records by chain and type, and packets of which one end is still incomplete. */
  kept(): { readonly chains: readonly ReturnType<ChainReplay['state']['kept']>[]; readonly crossings: number } {
    return { chains: this.#replays.map(({ state }) => state.kept()), crossings: this.#crossings.size };
  }

  /**
   * @param due - number of blocks of each chain that were there before the other chains were read for the last time:
   * what they refer to must have been found
   * @param copies - whose copy of each chain was read
   */
  report(due: readonly bigint[], copies: readonly ReadCopies[]): AuditReport {
    const holdings = new Map(this.#replays.map((replay) => [replay, holdingsOf(replay)]));
    const { lanes, findings: laneFindings } = laneTotals(this.#replays, holdings);
    const { supply, findings: supplyFindings } = homeSupply(this.#replays, holdings);
    const below = new Map(this.#replays.map(({ name }, index) => [name, due[index] ?? 0n]));
    const findings = [...this.#findings, ...this.#crossings.overdue(below), ...laneFindings, ...supplyFindings];
    const { unseen } = this.#crossings;
    const verdict = findings.length > 0 ? 'broken' : unseen.length > 0 ? 'unknown' : 'holds';
    const chains = this.#replays.map(({ name: chain, chainId, height, transactions }, index) => {
      return { chain, chainId, height, transactions, copies: copies[index] ?? unread };
    });
    return { verdict, chains, lanes, supply, unseen, findings };
  }

  #replay(chain: number): ChainReplay {
    const replay = this.#replays[chain];
    if (replay === undefined) throw new Error(`no chain ${chain.toString()} is judged`);
    return replay;
  }
}
