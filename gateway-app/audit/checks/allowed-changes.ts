// SPDX-License-Identifier: Apache-2.0

import {
  committeeHashOf,
  configurationHashOf,
  currentConfiguration,
  encode,
  proposalRequestCodec,
  rotationCodec,
  storedConfigurationCodec,
  verifyRotation,
  type Rotation,
  type StoredConfiguration,
  type StoredProposal,
} from '@gridpeg/protocol';
import { type Report } from '../report/finding';
import { nothing, type Allowed } from './allowed';
import { formerTrustLeft } from './check-former-trust';
import { checkTiming } from './check-timing';
import { type LedgerState } from '../replay/ledger-state';
import { messageOf } from '../replay/message-of';
import { provenChanges } from './proven-changes';
import { requestOf } from '../replay/request-of';
import { recordBefore, type TransactionFacts } from '../replay/transaction-facts';

/** What the reason behind a governing transaction allows; a reason that does not hold is a finding. */
export function allowedBy(facts: TransactionFacts, state: LedgerState, report: Report): Allowed {
  switch (facts.name) {
    case 'governance:commitConfiguration':
      return firstConfiguration(facts, state, report);
    case 'governance:execute':
      return executed(facts, state, report);
    case 'governance:rotate':
      return rotated(facts, state, report);
    case 'governance:submitEvidence':
      return provenChanges(facts, state, report);
    default:
      // An unknown function is a finding already.
      return nothing;
  }
}

function firstConfiguration(facts: TransactionFacts, state: LedgerState, report: Report): Allowed {
  const request = requestOf(storedConfigurationCodec, facts, report, 'TRUST_CHANGED');
  if (request === undefined) return nothing;
  if (previousOf(facts, state) !== undefined) report('TRUST_CHANGED', 'configuration', 'the first', 'another');
  const hash = configurationHashOf(request);
  const missing = request.members.filter(
    (member) => state.get('approval', request.sequence.toString(), hash, member) === undefined,
  );
  if (missing.length > 0)
    report('TRUST_CHANGED', 'configuration', 'approved by all that it lists', `not by ${missing.join(', ')}`);
  return { ...nothing, configuration: encode(storedConfigurationCodec, request) };
}

function executed(facts: TransactionFacts, state: LedgerState, report: Report): Allowed {
  const request = requestOf(proposalRequestCodec, facts, report, 'TRUST_CHANGED');
  const previous = previousOf(facts, state);
  if (request === undefined || previous === undefined) return nothing;
  const proposal = recordBefore(facts.before, 'proposal', request.organization);
  if (proposal?.id !== request.proposalId) {
    report(
      'TRUST_CHANGED',
      `proposal ${request.proposalId}`,
      'open, and ended by its execution',
      proposal?.id ?? 'none',
    );
    return nothing;
  }
  const consents = previous.members.filter(
    (member) => state.get('consent', request.organization, member)?.proposalId === proposal.id,
  );
  const required = Math.floor(previous.members.length / 2) + 1;
  if (consents.length < required) {
    report('TRUST_CHANGED', `proposal ${proposal.id}`, `${required.toString()} consents`, consents.join(', '));
  }
  const times = consents.map((member) => state.get('consent', request.organization, member)?.timeMs ?? 0n);
  checkTiming(facts, proposal, previous, times, state, report);
  return effectOf(proposal.action, previous, facts, state);
}

function effectOf(
  action: StoredProposal['action'],
  previous: StoredConfiguration,
  facts: TransactionFacts,
  state: LedgerState,
): Allowed {
  switch (action.kind) {
    case 'configure': {
      const [next, before] = [currentConfiguration(action.configuration), currentConfiguration(previous)];
      const formerTrust = formerTrustLeft(next, before, facts, state) ?? [];
      return { ...nothing, configuration: textOf(action.configuration), formerTrust };
    }
    case 'set-lanes':
      return { ...nothing, laneStatuses: action.lanes.map(({ laneId }) => `${laneId} ${action.state}`) };
    case 'set-assets':
      return { ...nothing, assets: action.assets.map(({ asset }) => `${asset} ${action.state}`) };
    case 'suspend-notary':
      return { ...nothing, suspended: [action.publicKey] };
    case 'replace-committee': {
      if ('chains' in action) return replacedBy(action, previous);
      const chains = previous.chains.map((trust) => {
        if (!action.chainIds.includes(trust.chainId)) return trust;
        // Its epoch may have been raised above the one in force, but never lowered.
        const found = facts.written.trust.find(({ chainId }) => chainId === trust.chainId)?.committee.epoch ?? 0;
        const epoch = found > trust.committee.epoch ? found : action.committee.epoch;
        return { ...trust, committee: { ...action.committee, epoch } };
      });
      return { ...nothing, configuration: textOf({ ...previous, sequence: previous.sequence + 1, chains }) };
    }
  }
}

function replacedBy(
  { chains: named, threshold, notaries }: Extract<StoredProposal['action'], { chains: unknown }>,
  previous: StoredConfiguration,
): Allowed {
  const ids = named.map(({ chainId }) => chainId);
  const chains = previous.chains.map((trust) =>
    ids.includes(trust.chainId)
      ? { ...trust, committee: { epoch: trust.committee.epoch + 1, threshold, notaries } }
      : trust,
  );
  const configuration = textOf({ ...previous, sequence: previous.sequence + 1, chains });
  return { ...nothing, configuration, replaced: ids };
}

function rotated(facts: TransactionFacts, state: LedgerState, report: Report): Allowed {
  const rotation = requestOf(rotationCodec, facts, report, 'TRUST_CHANGED');
  const previous = previousOf(facts, state);
  if (rotation === undefined || previous === undefined) return nothing;
  const isHandingOver = ({ committee }: { committee: Rotation['next'] }): boolean =>
    committeeHashOf(committee) === rotation.previous;
  const handsOver = previous.chains.find(isHandingOver)?.committee;
  try {
    if (handsOver === undefined) throw new Error('no committee in force hands over');
    verifyRotation(rotation, handsOver, suspendedIn(state));
  } catch (error) {
    report('TRUST_CHANGED', 'committee', 'a rotation that the committee signed', messageOf(error));
  }
  const chains = previous.chains.map((trust) =>
    isHandingOver(trust) ? { ...trust, committee: rotation.next } : trust,
  );
  return { ...nothing, configuration: textOf({ ...previous, sequence: previous.sequence + 1, chains }) };
}

/** The configuration before the transaction. */
export function previousOf({ before, written }: TransactionFacts, state: LedgerState): StoredConfiguration | undefined {
  if (written.configuration.length === 0) return state.get('configuration');
  const previous = recordBefore(before, 'configuration');
  // Whatever changes a configuration of version 2 writes what it means in version 3.
  const renews = previous !== undefined && written.configuration.some(({ version }) => version === 3);
  return renews ? currentConfiguration(previous) : previous;
}

function suspendedIn(state: LedgerState): ReadonlySet<string> {
  const suspended = [...state.all('notary')].filter((notary) => notary.state === 'suspended');
  return new Set(suspended.map(({ publicKey }) => publicKey));
}

function textOf(configuration: StoredConfiguration): string {
  return encode(storedConfigurationCodec, configuration);
}
