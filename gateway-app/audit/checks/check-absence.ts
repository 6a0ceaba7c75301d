// SPDX-License-Identifier: Apache-2.0

import {
  absenceQuestionCodec,
  encode,
  requestedEntry,
  packetHashOf,
  receiptHashOf,
  stateKey,
  verifyQuestion,
  type AbsenceQuestion,
} from '@gridpeg/protocol';
import { type AuditTransaction } from '../blocks/audit-block';
import { type Report } from '../report/finding';
import { parseRecord, recordKey } from '../replay/ledger-record';
import { type LedgerState } from '../replay/ledger-state';
import { messageOf } from '../replay/message-of';
import { requestOf } from '../replay/request-of';
import { type TransactionFacts } from '../replay/transaction-facts';

/** An absence of an entry whose record the ledger has: only the block that wrote the record shows its content. */
export interface OpenQuestion {
  readonly key: string;
  /** Number of the block that wrote the record. */
  readonly block: bigint;
  readonly question: AbsenceQuestion;
  readonly report: Report;
}

/**
 * An absence answers the question that was asked, which is of this ledger, and nobody's key is accused by it of what it
 * did not sign. What it denies is not there: the transaction read the very key in vain.
 *
 * @returns the absences that cannot be judged by this block
 * @see docs/spec/08-governance.md section 8.5
 */
export function checkAbsences(facts: TransactionFacts, state: LedgerState, report: Report): readonly OpenQuestion[] {
  const { written, transaction } = facts;
  if (written.absence.length === 0) return [];
  const asked = requestOf(absenceQuestionCodec, facts, report, 'ABSENCE_FALSE');
  return written.absence.flatMap(({ question, txId }) => {
    const { packetId } = requestedEntry(question);
    const about = `packet ${packetId}`;
    if (asked === undefined || textOf(asked) !== textOf(question) || txId !== transaction.txId) {
      report('ABSENCE_FALSE', about, 'the question that was asked', `another one, of ${txId}`);
    }
    if (question.sourceChainId !== state.chainId) {
      report('ABSENCE_FALSE', about, `asked of ${state.chainId}`, question.sourceChainId);
    }
    try {
      verifyQuestion(question);
    } catch (error) {
      report('ABSENCE_FALSE', about, 'signatures of the entry', messageOf(error));
    }
    return openQuestion(question, transaction, report) ?? [];
  });
}

function openQuestion(
  question: AbsenceQuestion,
  { absent, present }: AuditTransaction,
  report: Report,
): OpenQuestion | undefined {
  const key = keyOf(question);
  if (absent.has(key)) return undefined;
  const block = present.get(key);
  if (block === undefined)
    report('ABSENCE_FALSE', `packet ${requestedEntry(question).packetId}`, 'looked up', 'not read');
  return block === undefined ? undefined : { key, block, question, report };
}

/** Judges an absence by what the block that wrote the record has under its key. */
export function answerQuestion({ key, question, report }: OpenQuestion, block: readonly AuditTransaction[]): void {
  const { packetId, entryHash } = requestedEntry(question);
  const values = block.flatMap(({ writes }) => writes.filter((write) => write.key === key));
  const hashes = values.flatMap(({ value }) => hashesIn(key, value ?? ''));
  if (!hashes.includes(entryHash)) return;
  report('ABSENCE_FALSE', `packet ${packetId}`, 'refused, for the ledger has the entry', entryHash);
}

/** The key under which the entry would lie. */
function keyOf(question: AbsenceQuestion): string {
  return question.kind === 'packets'
    ? stateKey('outbox', question.statement.entry.txId)
    : stateKey('receipt', question.statement.entry.packetId);
}

function hashesIn(key: string, value: string): readonly string[] {
  const attributes = recordKey(key)?.attributes ?? [];
  const outbox = parseRecord('outbox', attributes, value);
  if (outbox !== undefined) return outbox.packets.map(packetHashOf);
  const receipt = parseRecord('receipt', attributes, value);
  if (receipt === undefined) return [];
  const { version, packetId, packetHash, laneId, outcome, code } = receipt;
  return [receiptHashOf({ version, packetId, packetHash, laneId, outcome, code })];
}

function textOf(question: AbsenceQuestion): string {
  return encode(absenceQuestionCodec, question);
}
