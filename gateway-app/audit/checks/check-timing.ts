// SPDX-License-Identifier: Apache-2.0

import {
  addsSigners,
  currentConfiguration,
  limits,
  notaryKeyHashOf,
  type Configuration,
  type StoredConfiguration,
  type StoredProposal,
} from '@gridpeg/protocol';
import { type Report } from '../report/finding';
import { formerTrustLeft } from './check-former-trust';
import { type LedgerState } from '../replay/ledger-state';
import { recordBefore, type TransactionFacts } from '../replay/transaction-facts';

/**
 * A proposal is carried out after the delay that its action waits for, before it lapses, and while what it replaces is
 * still there; docs/spec/08-governance.md section 8.1.
 *
 * @param previous - the configuration before
 * @param state - as the transaction left it
 * @param times - when each of the members that consent did
 */
export function checkTiming(
  facts: TransactionFacts,
  proposal: StoredProposal,
  previous: StoredConfiguration,
  times: readonly bigint[],
  state: LedgerState,
  report: Report,
): void {
  const { timeMs } = facts.transaction;
  const about = `proposal ${proposal.id}`;
  const due = dueMs(times, delayOf(proposal.action, currentConfiguration(previous), facts, state), previous);
  if (timeMs < due) report('TRUST_CHANGED', about, `not before ${due.toString()}`, timeMs.toString());
  const end = proposal.timeMs + previous.delayMs + limits.proposalLifeMs;
  if (timeMs > end) report('TRUST_CHANGED', about, `not after ${end.toString()}`, timeMs.toString());
  if (isStale(proposal, previous, facts)) report('TRUST_CHANGED', about, 'what it replaces, unchanged', 'changed');
}

/** The delay counts from the consent that completed the majority. Both times may be off by the skew. */
function dueMs(times: readonly bigint[], delayMs: bigint, { members }: Pick<StoredConfiguration, 'members'>): bigint {
  if (delayMs === 0n) return 0n;
  const complete = [...times].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))[Math.floor(members.length / 2)] ?? 0n;
  return complete + delayMs + 2n * BigInt(limits.skewSeconds) * 1000n;
}

function delayOf(
  action: StoredProposal['action'],
  previous: Configuration,
  facts: TransactionFacts,
  state: LedgerState,
): bigint {
  const { before } = facts;
  const { delayMs, urgentDelayMs } = previous;
  switch (action.kind) {
    case 'configure':
      return formerTrustLeft(currentConfiguration(action.configuration), previous, facts, state) === undefined
        ? delayMs
        : urgentDelayMs;
    case 'set-lanes':
      return action.lanes.some(({ laneId }) => recordBefore(before, 'standing', laneId)?.state === 'frozen')
        ? delayMs
        : 0n;
    case 'set-assets':
      return 0n;
    case 'suspend-notary':
      return urgentDelayMs;
    case 'replace-committee': {
      if (!('chains' in action)) return delayMs;
      const ids = action.chains.map(({ chainId }) => chainId);
      const replaced = previous.chains.filter(({ chainId }) => ids.includes(chainId));
      return replaced.some(({ committee }) => addsSigners(action, committee)) ? delayMs : urgentDelayMs;
    }
  }
}

/** Whether it would replace what has changed since: it names numbers that are no longer the next. */
function isStale(
  { version, action }: StoredProposal,
  previous: StoredConfiguration,
  { before }: TransactionFacts,
): boolean {
  // Proposals of version 1 did not say all that they replace; chaincode that knows version 3 of the configuration
  // refuses them.
  if (version === 1 && previous.version === 3) return true;
  switch (action.kind) {
    case 'configure':
      return action.configuration.sequence <= previous.sequence;
    case 'set-lanes':
      return action.lanes.some((lane) => lane.sequence !== nextAfter(recordBefore(before, 'standing', lane.laneId)));
    case 'set-assets':
      return action.assets.some(
        (asset) => asset.sequence !== nextAfter(recordBefore(before, 'asset-standing', asset.asset)),
      );
    case 'replace-committee':
      return (
        'chains' in action &&
        action.chains.some((chain) => chain.sequence !== nextAfter(recordBefore(before, 'replacement', chain.chainId)))
      );
    case 'suspend-notary':
      return recordBefore(before, 'notary', notaryKeyHashOf(action.publicKey))?.state === 'suspended';
  }
}

function nextAfter(record: { readonly sequence: number } | undefined): number {
  return (record?.sequence ?? 0) + 1;
}
