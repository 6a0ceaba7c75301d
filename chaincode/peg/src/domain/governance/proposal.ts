// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: the rules of all actions of a proposal are compared most easily side by side.

import {
  addsSigners,
  checkCommittee,
  formerTrustAfter,
  limits,
  Refused,
  type Action,
  type AssetId,
  type AssetStatusRecord,
  type ChainId,
  type Configuration,
  type Consent,
  type EarlierProposal,
  type FormerTrust,
  type LaneId,
  type LaneStatusRecord,
  type MspId,
  type Proposal,
  type Replacement,
  type StoredProposal,
} from '@gridpeg/protocol';
import { checkConfiguration, checkMembers, majorityOf } from './configure';
import {
  configured,
  replacedBy,
  suspendedAmong,
  withCommittee,
  type GovernanceChanges,
  type KnownNotaries,
} from './governance-changes';
import type { Transaction } from '../transaction';

/** What this ledger knows that bears on a proposal. */
export interface ProposalView {
  readonly configuration: Configuration;
  /** Standings of the lanes that it names, those that there are. */
  readonly laneStatuses: ReadonlyMap<LaneId, LaneStatusRecord>;
  /** Standings of the assets that it names, those that there are. */
  readonly assetStatuses: ReadonlyMap<AssetId, AssetStatusRecord>;
  /** How often the committees of the chains that it names were replaced, where they were. */
  readonly replacements: ReadonlyMap<ChainId, Replacement>;
  /** Former trust records of the chains whose trust record it changes. */
  readonly formerTrust: readonly FormerTrust[];
  /** This ledger's records of the keys that it or the configuration in force names. */
  readonly notaries: KnownNotaries;
  /** Organizations of the channel, where it brings in a member. */
  readonly organizations: readonly MspId[];
}

/** What an action would write, and how long it has to wait once it is approved. */
export interface Effect {
  readonly changes: GovernanceChanges;
  readonly delayMs: bigint;
}

type Named = Pick<Proposal, 'id'>;
type ActionOf<Kind extends Action['kind']> = Extract<Action, { kind: Kind }>;

/**
 * What a proposal would do to the ledger as it is now. Asked when it is made, approved and executed, so what is not
 * valid gets nowhere.
 *
 * @throws Refused PROPOSAL_STALE, CONFIGURATION_INVALID, LANE_UNKNOWN, COMMITTEE_INVALID, NOTARY_SUSPENDED,
 *   NOTARY_STRANGER
 * @see docs/spec/08-governance.md section 8.1
 */
export function effectOf(
  proposal: Pick<Proposal, 'id' | 'version' | 'action'> | EarlierProposal,
  view: ProposalView,
  transaction: Pick<Transaction, 'txId' | 'timeMs'>,
): Effect {
  // A proposal of version 1 does not say what it replaces, so it cannot be known whether that has changed.
  if (proposal.version === 1) throw new Refused({ code: 'PROPOSAL_STALE', proposalId: proposal.id });
  const { action } = proposal;
  switch (action.kind) {
    case 'configure':
      return configure(proposal, action, view, transaction);
    case 'set-lanes':
      return setLanes(proposal, action, view, transaction);
    case 'set-assets':
      return setAssets(proposal, action, view, transaction);
    case 'replace-committee':
      return replaceCommittee(proposal, action, view, transaction);
    case 'suspend-notary':
      return suspendNotary(proposal, action, view, transaction);
  }
}

/** The time from which a proposal may be executed; undefined while fewer than the majority consent. */
export function dueMs(
  consents: readonly Pick<Consent, 'timeMs'>[],
  delayMs: bigint,
  { members }: Pick<Configuration, 'members'>,
): bigint | undefined {
  const times = consents.map(({ timeMs }) => timeMs).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const complete = times[majorityOf(members) - 1];
  // Both times may be off by the skew; a change without delay is due at once, whatever the clocks.
  if (complete === undefined) return undefined;
  return delayMs > 0n ? complete + delayMs + 2n * BigInt(limits.skewSeconds) * 1000n : 0n;
}

/**
 * Carries an approved proposal out.
 *
 * @param consents - of members in force, to this very proposal, one each
 * @throws Refused PROPOSAL_NOT_APPROVED, PROPOSAL_LAPSED, PROPOSAL_NOT_DUE and those of {@link effectOf}
 * @see docs/spec/08-governance.md sections 8.1 and 8.2; keeps PEG-10 (T35)
 */
export function execute(
  proposal: StoredProposal,
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
  const { changes, delayMs } = effectOf(proposal, view, transaction);
  const due = dueMs(consents, delayMs, configuration);
  if (due === undefined) throw new Error('a majority without a last consent');
  if (transaction.timeMs < due) throw new Refused({ code: 'PROPOSAL_NOT_DUE', dueMs: due.toString() });
  return changes;
}

/** Whether a proposal would be refused now, whoever consents, and how long it has to wait. */
export function prospectOf(
  proposal: StoredProposal,
  view: ProposalView,
  transaction: Pick<Transaction, 'txId' | 'timeMs'>,
): { readonly problem: string; readonly delayMs: bigint } {
  try {
    checkLife(proposal, view.configuration, transaction.timeMs);
    return { problem: '', delayMs: effectOf(proposal, view, transaction).delayMs };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { problem: error.refusal.code, delayMs: view.configuration.delayMs };
  }
}

/** @throws Refused PROPOSAL_LAPSED */
export function checkLife(proposal: StoredProposal, { delayMs }: Configuration, timeMs: bigint): void {
  if (timeMs > proposal.timeMs + delayMs + limits.proposalLifeMs) {
    throw new Refused({ code: 'PROPOSAL_LAPSED', proposalId: proposal.id });
  }
}

function stale({ id }: Named): Refused {
  return new Refused({ code: 'PROPOSAL_STALE', proposalId: id });
}

function configure(
  proposal: Named,
  { configuration: next }: ActionOf<'configure'>,
  { configuration, formerTrust, notaries, organizations }: ProposalView,
  { txId, timeMs }: Pick<Transaction, 'txId' | 'timeMs'>,
): Effect {
  if (next.sequence <= configuration.sequence) throw stale(proposal);
  checkConfiguration(next, configuration, suspendedAmong(notaries));
  checkMembers(next, configuration, organizations);
  const { delayMs, urgentDelayMs } = configuration;
  const changes = configured(next, notaries, txId);
  const kept = formerTrustAfter(next, configuration, { txId, timeMs, known: formerTrust });
  return kept === undefined
    ? { changes, delayMs }
    : { changes: { ...changes, formerTrust: kept }, delayMs: urgentDelayMs };
}

function setLanes(
  proposal: Named,
  { state, lanes }: ActionOf<'set-lanes'>,
  { configuration, laneStatuses }: ProposalView,
  { txId }: Pick<Transaction, 'txId'>,
): Effect {
  eachOnce(
    lanes.map(({ laneId }) => laneId),
    'lanes',
  );
  for (const { laneId, sequence } of lanes) {
    if (!configuration.lanes.some((lane) => lane.id === laneId)) throw new Refused({ code: 'LANE_UNKNOWN', laneId });
    if (sequence !== (laneStatuses.get(laneId)?.sequence ?? 0) + 1) throw stale(proposal);
  }
  const changed = lanes.map(({ laneId, sequence }) => ({ version: 1 as const, laneId, sequence, state, txId }));
  const thaws = lanes.some(({ laneId }) => laneStatuses.get(laneId)?.state === 'frozen');
  return { changes: { laneStatuses: changed, notaries: [] }, delayMs: thaws ? configuration.delayMs : 0n };
}

function setAssets(
  proposal: Named,
  { state, assets }: ActionOf<'set-assets'>,
  { configuration, assetStatuses }: ProposalView,
  { txId }: Pick<Transaction, 'txId'>,
): Effect {
  eachOnce(
    assets.map(({ asset }) => asset),
    'assets',
  );
  for (const { asset, sequence } of assets) {
    if (!configuration.assets.some(({ id }) => id === asset)) throw new Refused({ code: 'ASSET_UNKNOWN', asset });
    if (sequence !== (assetStatuses.get(asset)?.sequence ?? 0) + 1) throw stale(proposal);
  }
  const changed = assets.map(({ asset, sequence }) => ({ version: 1 as const, asset, sequence, state, txId }));
  return { changes: { laneStatuses: [], notaries: [], assets: changed }, delayMs: 0n };
}

function replaceCommittee(
  proposal: Named,
  { chains, threshold, notaries: named }: ActionOf<'replace-committee'>,
  { configuration, notaries, replacements }: ProposalView,
  { txId }: Pick<Transaction, 'txId'>,
): Effect {
  const ids = chains.map(({ chainId }) => chainId);
  const replaced = configuration.chains.filter(({ chainId }) => ids.includes(chainId));
  if (replaced.length < ids.length) {
    const expected = 'chains with a trust record, each once';
    throw new Refused({ code: 'COMMITTEE_INVALID', field: 'chains', expected });
  }
  // Rotations do not count here: a committee could otherwise outrun its replacement by rotating on.
  const overtaken = chains.some(({ chainId, sequence }) => sequence !== (replacements.get(chainId)?.sequence ?? 0) + 1);
  if (overtaken) throw stale(proposal);
  checkCommittee({ threshold, notaries: named }, suspendedAmong(notaries));
  const next = withCommittee(
    configuration,
    ({ chainId }) => ids.includes(chainId),
    ({ committee }) => ({ epoch: committee.epoch + 1, threshold, notaries: named }),
  );
  const added = replaced.some(({ committee }) => addsSigners({ threshold, notaries: named }, committee));
  return {
    changes: {
      ...configured(next, notaries, txId),
      pastCommittees: replacedBy(next, configuration),
      replacements: chains.map(({ chainId, sequence }) => ({ version: 1, chainId, sequence, txId })),
    },
    delayMs: added ? configuration.delayMs : configuration.urgentDelayMs,
  };
}

function suspendNotary(
  proposal: Named,
  { publicKey }: ActionOf<'suspend-notary'>,
  { configuration, notaries }: ProposalView,
  { txId }: Pick<Transaction, 'txId'>,
): Effect {
  const notary = notaries.get(publicKey);
  if (notary === undefined) throw new Refused({ code: 'NOTARY_STRANGER', notary: publicKey.slice(0, 128) });
  if (notary.state === 'suspended') throw stale(proposal);
  return {
    changes: { laneStatuses: [], notaries: [{ ...notary, state: 'suspended', txId }] },
    delayMs: configuration.urgentDelayMs,
  };
}

/** @throws Refused REQUEST_MALFORMED */
function eachOnce(names: readonly string[], field: string): void {
  if (new Set(names).size < names.length) {
    throw new Refused({ code: 'REQUEST_MALFORMED', field: `action.${field}`, expected: 'each once' });
  }
}
