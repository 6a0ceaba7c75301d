// SPDX-License-Identifier: Apache-2.0

import { type Unseen } from './crossings';
import { type Finding } from './finding';

/** Totals of one lane and class, in the asset's unit (energy: watt-hours). */
export interface LaneTotals {
  readonly laneId: string;
  readonly sourceChain: string;
  readonly destinationChain: string;
  readonly asset: string;
  /** The lanes of the label on the source chain, oldest first. */
  readonly path: readonly string[];
  /** The total that packets ever put into escrow of this lane. */
  readonly locked: bigint;
  /** The total of vouchers ever made on the destination. */
  readonly minted: bigint;
  /** The total ever burnt on the destination to travel back, whether released, retired or given back since. */
  readonly burnt: bigint;
  /** The total ever paid out of this lane's escrow to recipients on the source. */
  readonly released: bigint;
  /** The total ever ended with its escrow, because it was consumed on another chain. */
  readonly retired: bigint;
  /** The total ever given back to senders out of this lane's escrow. */
  readonly refunded: bigint;
  /**
   * The total in transit now: locked and not yet minted or refunded, or burnt and not yet released, retired or given
   * back.
   */
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

/** The peers whose copies of a ledger were read. */
export interface ReadCopies {
  readonly organization: string;
  /**
   * Whose peer's validation codes and last block were compared; undefined when no second organization's peer answered.
   */
  readonly comparedWith: string | undefined;
  /** Number of blocks that were compared. */
  readonly compared: bigint;
}

/** What an audit read and what it says. */
export interface AuditReport {
  /** `unknown`: nothing is wrong, and something could not be compared because its other chain was not read. */
  readonly verdict: 'holds' | 'broken' | 'unknown';
  readonly chains: ReadonlyArray<{
    readonly chain: string;
    readonly chainId: string;
    /** Number of blocks read. */
    readonly height: bigint;
    readonly transactions: number;
    readonly copies: ReadCopies;
  }>;
  readonly lanes: readonly LaneTotals[];
  readonly supply: readonly HomeSupply[];
  /** Lanes to and from chains that were not read, and how many packets could therefore not be compared. */
  readonly unseen: readonly Unseen[];
  readonly findings: readonly Finding[];
}
