// SPDX-License-Identifier: Apache-2.0

import { type auditExplanations } from './explanations';

/** Where something was found to differ, by how much, and in which transaction. */
export interface Finding {
  /** What does not hold. */
  readonly rule: FindingRule;
  /** Name of the chain. */
  readonly chain: string;
  /** Number of the block, undefined when the difference is between whole ledgers. */
  readonly block: bigint | undefined;
  readonly txId: string | undefined;
  readonly laneId: string | undefined;
  /** The record, packet or class it is about. */
  readonly about: string;
  readonly expected: string;
  readonly found: string;
}

/** The rules of docs/spec/07-audit.md that a finding can be of. */
export type FindingRule = keyof typeof auditExplanations;

/** Totals of one lane and class, in the asset's unit (energy: watt-hours). */
export interface LaneTotals {
  readonly laneId: string;
  readonly sourceChain: string;
  readonly destinationChain: string;
  readonly asset: string;
  /** The lanes of the label on the source chain, oldest first. */
  readonly path: readonly string[];
  /** Ever put into escrow of this lane by packets. */
  readonly locked: bigint;
  /** Ever made as vouchers on the destination. */
  readonly minted: bigint;
  /** Ever burnt on the destination to travel back, whether released, retired or given back since. */
  readonly burnt: bigint;
  /** Ever paid out of this lane's escrow to recipients on the source. */
  readonly released: bigint;
  /** Ever ended with its escrow, because it was consumed away. */
  readonly retired: bigint;
  /** Ever given back to senders out of this lane's escrow. */
  readonly refunded: bigint;
  /** On the way at the moment: locked and not yet minted or refunded, or burnt and not yet released, retired or given back. */
  readonly inFlight: bigint;
  readonly escrow: bigint;
  readonly vouchers: bigint;
}

/** An asset on its home chain. */
export interface HomeSupply {
  readonly chain: string;
  readonly asset: string;
  readonly issued: bigint;
  readonly retired: bigint;
  readonly notes: bigint;
  readonly escrow: bigint;
}

/** What an audit read and what it says. */
export interface AuditReport {
  readonly verdict: 'holds' | 'broken';
  readonly chains: ReadonlyArray<{
    readonly chain: string;
    readonly chainId: string;
    /** Number of blocks read. */
    readonly height: bigint;
    readonly transactions: number;
  }>;
  readonly lanes: readonly LaneTotals[];
  readonly supply: readonly HomeSupply[];
  readonly findings: readonly Finding[];
}
