// SPDX-License-Identifier: Apache-2.0

import {
  actionCodec,
  configurationHashOf,
  earlierActionCodec,
  encode,
  storedConfigurationCodec,
  type Codec,
} from '@gridpeg/protocol';
import { type Report } from '../report/finding';
import { type LedgerState } from '../replay/ledger-state';
import { requestOf } from '../replay/request-of';
import { type TransactionFacts } from '../replay/transaction-facts';

/** Approvals, proposals and consents are each organization's own, given by its administrator, and to what is there. */
export function checkGovernanceSteps(facts: TransactionFacts, state: LedgerState, report: Report): void {
  checkGivers(facts, report);
  checkTimes(facts, report);
  checkApprovals(facts, report);
  checkProposals(facts, report);
  checkConsents(facts, state, report);
}

function checkGivers(facts: TransactionFacts, report: Report): void {
  const { written, deleted, keys, transaction, caller, role } = facts;
  const { mspId } = transaction.creator;
  const given = [
    ...written.approval.map(({ account }, index) => ({ kind: 'approval', by: keys.approval[index]?.[2], account })),
    ...written.proposal.map(({ organization, account }) => ({ kind: 'proposal', by: organization, account })),
    ...written.consent.map(({ account }, index) => ({ kind: 'consent', by: keys.consent[index]?.[1], account })),
    ...deleted.consent.map(([, by]) => ({ kind: 'consent', by, account: caller })),
  ];
  for (const { kind, by, account } of given) {
    if (by === mspId && account === caller && role === 'admin') continue;
    const found = `${account ?? 'nobody known'} by ${caller ?? 'nobody known'}`;
    report('TRUST_CHANGED', `${kind} ${by ?? ''}`, 'given by its own administrator', found);
  }
}

/** The times from which delays are counted. */
function checkTimes({ written, transaction }: TransactionFacts, report: Report): void {
  for (const { timeMs } of [...written.proposal, ...written.consent]) {
    if (timeMs === transaction.timeMs) continue;
    report('TRUST_CHANGED', 'proposal or consent', `dated ${transaction.timeMs.toString()}`, timeMs.toString());
  }
}

function checkApprovals(facts: TransactionFacts, report: Report): void {
  const { keys } = facts;
  if (keys.approval.length === 0) return;
  const request = requestOf(storedConfigurationCodec, facts, report, 'TRUST_CHANGED');
  if (request === undefined) return;
  const expected = [request.sequence, configurationHashOf(request)].join(' ');
  for (const [sequence, hash] of keys.approval) {
    const found = [sequence, hash].join(' ');
    if (found !== expected) report('TRUST_CHANGED', 'approval', expected, found);
  }
}

function checkProposals(facts: TransactionFacts, report: Report): void {
  const { written, deleted, transaction, name } = facts;
  for (const proposal of written.proposal) {
    const { id } = proposal;
    if (id !== transaction.txId) report('TRUST_CHANGED', `proposal ${id}`, transaction.txId, id);
    const isRight =
      proposal.version === 1
        ? isAsAsked(earlierActionCodec, proposal.action, facts, report)
        : isAsAsked(actionCodec, proposal.action, facts, report);
    if (!isRight) report('TRUST_CHANGED', `proposal ${id}`, 'the action that was asked for', proposal.action.kind);
  }
  if (name !== 'governance:withdraw') return;
  const { mspId } = transaction.creator;
  for (const [organization = ''] of deleted.proposal) {
    if (organization !== mspId) report('TRUST_CHANGED', `proposal ${organization}`, 'withdrawn by itself', mspId);
  }
}

function isAsAsked<T>(codec: Codec<T>, action: T, facts: TransactionFacts, report: Report): boolean {
  const asked = requestOf(codec, facts, report, 'TRUST_CHANGED');
  return asked !== undefined && encode(codec, asked) === encode(codec, action);
}

function checkConsents({ written, keys }: TransactionFacts, state: LedgerState, report: Report): void {
  for (const [index, { proposalId }] of written.consent.entries()) {
    const [organization = ''] = keys.consent[index] ?? [];
    const open = state.get('proposal', organization)?.id;
    if (open !== proposalId) report('TRUST_CHANGED', `consent to ${proposalId}`, 'an open proposal', open ?? 'none');
  }
}
