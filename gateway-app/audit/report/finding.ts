// SPDX-License-Identifier: Apache-2.0

import { type auditExplanations } from '../../errors/audit-explanations';

/** The rules of docs/spec/07-audit.md that a finding can be of. */
export type FindingRule = keyof typeof auditExplanations;

/** The place and the size of a difference, and its transaction. */
export interface Finding {
  /** The rule that does not hold. */
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

/** Records a finding about the transaction that is being replayed. */
export type Report = (rule: FindingRule, about: string, expected: string, found: string, laneId?: string) => void;
