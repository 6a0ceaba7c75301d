// SPDX-License-Identifier: Apache-2.0

import {
  requestedEntry,
  packetHashOf,
  receiptHashOf,
  Refused,
  verifyQuestion,
  type Absence,
  type AbsenceQuestion,
  type OutboxRecord,
  type ReceiptEntry,
} from '@gridpeg/protocol';
import type { Transaction } from '../transaction';

/** What this ledger has of what is asked about. */
export interface AbsenceView {
  /** The outbox record of the transaction that the packet names. */
  readonly outbox: OutboxRecord | undefined;
  /** This ledger's answer to the packet that the receipt names. */
  readonly receipt: ReceiptEntry | undefined;
}

/**
 * Records that notaries have signed what this ledger has not committed.
 *
 * The transaction reads the very key under which the entry would lie. If the entry was committed before, the
 * transaction is invalid wherever it was endorsed, so a peer that lags can never make an absence of what is there.
 *
 * @throws Refused PROOF_FOREIGN when another chain is asked, ENTRY_COMMITTED, and those of {@link verifyQuestion}
 * @see docs/spec/08-governance.md section 8.5 (T16, T44)
 */
export function declareAbsence(
  question: AbsenceQuestion,
  view: AbsenceView,
  transaction: Pick<Transaction, 'chainId' | 'txId'>,
): Absence {
  if (question.sourceChainId !== transaction.chainId) {
    throw new Refused({ code: 'PROOF_FOREIGN', field: 'sourceChainId' });
  }
  verifyQuestion(question);
  const { packetId, entryHash } = requestedEntry(question);
  if (hashesOf(question, view).includes(entryHash)) throw new Refused({ code: 'ENTRY_COMMITTED', packetId });
  return { version: 1, question, txId: transaction.txId };
}

function hashesOf({ kind }: AbsenceQuestion, { outbox, receipt }: AbsenceView): readonly string[] {
  if (kind === 'packets') return (outbox?.packets ?? []).map(packetHashOf);
  if (receipt === undefined) return [];
  const { version, packetId, packetHash, laneId, outcome, code } = receipt;
  return [receiptHashOf({ version, packetId, packetHash, laneId, outcome, code })];
}
