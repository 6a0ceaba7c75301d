// SPDX-License-Identifier: Apache-2.0

import {
  checkCommittee,
  limits,
  Refused,
  type Action,
  type Configuration,
  type Consent,
  type LaneId,
  type LaneStanding,
  type Proposal,
} from '@gridpeg/protocol';
import { checkConfiguration, majorityOf } from './configure';
import {
  configured,
  replacedBy,
  suspendedAmong,
  withCommittee,
  type GovernanceChanges,
  type KnownNotaries,
} from './governance-changes';
import { onlyAddsOrRestricts } from './only-adds-or-restricts';
import type { Transaction } from './transaction';

/** What this ledger knows that bears on a proposal. */
export interface ProposalView {
  readonly configuration: Configuration;
  /** Standings of the lanes that it names, those that there are. */
  readonly standings: ReadonlyMap<LaneId, LaneStanding>;
  /** This ledger's records of the keys that it or the configuration in force names. */
  readonly notaries: KnownNotaries;
}

/** What an action would write, and whether it has to wait because it could move value. */
export interface Effect {
  readonly changes: GovernanceChanges;
  readonly delayed: boolean;
}

type Named = Pick<Proposal, 'id' | 'action'>;
type ActionOf<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>;

/**
 * What a proposal would do to the ledger as it is now. Asked when it is made, approved and executed, so what is not valid gets nowhere.
 *
 * @throws Refused PROPOSAL_STALE, CONFIGURATION_INVALID, LANE_UNKNOWN, COMMITTEE_INVALID, NOTARY_SUSPENDED, NOTARY_STRANGER
 * @see docs/spec/08-governance.md section 8.1
 */
export function effectOf(proposal: Named, view: ProposalView, transaction: Pick<Transaction, 'txId'>): Effect {
  const { action } = proposal;
  switch (action.kind) {
    case 'configure':
      return configure(proposal, action, view, transaction);
    case 'set-lanes':
      return setLanes(proposal, action, view, transaction);
    case 'replace-committee':
      return replaceCommittee(action, view, transaction);
    case 'suspend-notary':
      return suspendNotary(action, view, transaction);
  }
}

/** From when on a proposal may be executed; undefined while fewer than the majority consent. */
export function dueMs(
  consents: readonly Pick<Consent, 'timeMs'>[],
  delayed: boolean,
  { members, delayMs }: Configuration,
): bigint | undefined {
  const times = consents.map(({ timeMs }) => timeMs).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const complete = times[majorityOf(members) - 1];
  // Both times may be off by the skew; a change without delay is due at once, whatever the clocks.
  if (complete === undefined) return undefined;
  return delayed && delayMs > 0n ? complete + delayMs + 2n * BigInt(limits.skewSeconds) * 1000n : 0n;
}

/**
 * Carries an approved proposal out.
 *
 * @param consents - of members in force, to this very proposal, one each
 * @throws Refused PROPOSAL_NOT_APPROVED, PROPOSAL_LAPSED, PROPOSAL_NOT_DUE and those of {@link effectOf}
 * @see docs/spec/08-governance.md sections 8.1 and 8.2; keeps PEG-10 (T35)
 */
export function execute(
  proposal: Proposal,
  consents: readonly Consent[],
  view: ProposalView,
  transaction: Pick<Transaction, 'txId' | 'timeMs'>,
): GovernanceChanges {
  const { configuration } = view;
  const required = majorityOf(configuration.members);
  if (consents.length < required) {
    throw new Refused({ code: 'PROPOSAL_NOT_APPROVED', approvals: consents.length, required });
  }
  checkLife(proposal, configuration, transaction.timeMs);
  const { changes, delayed } = effectOf(proposal, view, transaction);
  const due = dueMs(consents, delayed, configuration);
  if (due === undefined) throw new Error('a majority without a last consent');
  if (transaction.timeMs < due) throw new Refused({ code: 'PROPOSAL_NOT_DUE', dueMs: due.toString() });
  return changes;
}

/** Whether a proposal would be refused now, whoever consents, and whether it has to wait. */
export function prospectOf(
  proposal: Proposal,
  view: ProposalView,
  transaction: Pick<Transaction, 'txId' | 'timeMs'>,
): { readonly problem: string; readonly delayed: boolean } {
  try {
    checkLife(proposal, view.configuration, transaction.timeMs);
    return { problem: '', delayed: effectOf(proposal, view, transaction).delayed };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { problem: error.refusal.code, delayed: true };
  }
}

/** @throws Refused PROPOSAL_LAPSED */
export function checkLife(proposal: Proposal, { delayMs }: Configuration, timeMs: bigint): void {
  if (timeMs > proposal.timeMs + delayMs + limits.proposalLifeMs) {
    throw new Refused({ code: 'PROPOSAL_LAPSED', proposalId: proposal.id });
  }
}

function configure(
  { id }: Named,
  { configuration: next }: ActionOf<'configure'>,
  { configuration, notaries }: ProposalView,
  { txId }: Pick<Transaction, 'txId'>,
): Effect {
  if (next.sequence <= configuration.sequence) throw new Refused({ code: 'PROPOSAL_STALE', proposalId: id });
  checkConfiguration(next, configuration, suspendedAmong(notaries));
  return { changes: configured(next, notaries, txId), delayed: !onlyAddsOrRestricts(next, configuration) };
}

function setLanes(
  { id }: Named,
  { state, lanes }: ActionOf<'set-lanes'>,
  { configuration, standings }: ProposalView,
  { txId }: Pick<Transaction, 'txId'>,
): Effect {
  for (const { laneId, sequence } of lanes) {
    if (!configuration.lanes.some((lane) => lane.id === laneId)) throw new Refused({ code: 'LANE_UNKNOWN', laneId });
    const inForce = standings.get(laneId)?.sequence ?? 0;
    if (sequence !== inForce + 1) throw new Refused({ code: 'PROPOSAL_STALE', proposalId: id });
  }
  const changed = lanes.map(({ laneId, sequence }) => ({ version: 1 as const, laneId, sequence, state, txId }));
  const delayed = lanes.some(({ laneId }) => standings.get(laneId)?.state === 'frozen');
  return { changes: { standings: changed, notaries: [] }, delayed };
}

function replaceCommittee(
  { chainIds, committee }: ActionOf<'replace-committee'>,
  { configuration, notaries }: ProposalView,
  { txId }: Pick<Transaction, 'txId'>,
): Effect {
  const known = chainIds.every((named) => configuration.chains.some(({ chainId }) => chainId === named));
  if (!known || new Set(chainIds).size < chainIds.length) {
    throw new Refused({
      code: 'COMMITTEE_INVALID',
      field: 'chainIds',
      expected: 'chains with a trust record, each once',
    });
  }
  checkCommittee(committee, suspendedAmong(notaries));
  const next = withCommittee(
    configuration,
    ({ chainId }) => chainIds.includes(chainId),
    // Raised above whatever is in force: a lost committee that goes on rotating cannot outrun its replacement.
    (trust) => ({ ...committee, epoch: Math.max(committee.epoch, trust.committee.epoch + 1) }),
  );
  const changes = { ...configured(next, notaries, txId), pastCommittees: replacedBy(next, configuration) };
  return { changes, delayed: true };
}

function suspendNotary(
  { publicKey }: ActionOf<'suspend-notary'>,
  { notaries }: ProposalView,
  { txId }: Pick<Transaction, 'txId'>,
): Effect {
  const notary = notaries.get(publicKey);
  if (notary === undefined) throw new Refused({ code: 'NOTARY_STRANGER', notary: publicKey.slice(0, 128) });
  return { changes: { standings: [], notaries: [{ ...notary, state: 'suspended', txId }] }, delayed: false };
}
