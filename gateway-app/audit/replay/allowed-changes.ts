// SPDX-License-Identifier: Apache-2.0

import {
  anyEvidenceShape,
  committeeHashOf,
  configurationHashOf,
  currentConfiguration,
  encode,
  limits,
  proposalRequestShape,
  Refused,
  rotationShape,
  storedConfigurationShape,
  verifyEvidence,
  verifyRotation,
  verifySourceEvidence,
  type AnyEvidence,
  type LaneNamed,
  type Rotation,
  type StoredConfiguration,
  type StoredProposal,
} from '@gridpeg/protocol';
import { type Report } from '../finding';
import { type LedgerState } from './ledger-state';
import { requestOf } from './request-of';
import { recordBefore, type TransactionFacts } from './transaction-facts';

/** What a governing transaction may change, and no more. */
export interface Allowed {
  /** The text of the configuration that comes into force; undefined when none does. */
  readonly configuration?: string;
  /** Lane and state of each standing that changes, without the order. */
  readonly standings: readonly string[];
  /** Keys that are suspended. */
  readonly suspended: readonly string[];
  /** Asset and state of each standing that changes. */
  readonly assets?: readonly string[];
  /** Chains whose committee is replaced. */
  readonly replaced?: readonly string[];
}

const nothing: Allowed = { standings: [], suspended: [] };

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
      return proven(facts, state, report);
    default:
      // The function itself is a finding already.
      return nothing;
  }
}

function firstConfiguration(facts: TransactionFacts, state: LedgerState, report: Report): Allowed {
  const request = requestOf(storedConfigurationShape, facts, report, 'TRUST_CHANGED');
  if (request === undefined) return nothing;
  if (previousOf(facts, state) !== undefined) report('TRUST_CHANGED', 'configuration', 'the first', 'another');
  const hash = configurationHashOf(request);
  const missing = request.members.filter(
    (member) => state.get('approval', request.sequence.toString(), hash, member) === undefined,
  );
  if (missing.length > 0)
    report('TRUST_CHANGED', 'configuration', 'approved by all that it lists', `not by ${missing.join(', ')}`);
  return { ...nothing, configuration: encode(storedConfigurationShape, request) };
}

function executed(facts: TransactionFacts, state: LedgerState, report: Report): Allowed {
  const request = requestOf(proposalRequestShape, facts, report, 'TRUST_CHANGED');
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
  checkDelay(facts, proposal, consents, previous, state, report);
  return effectOf(proposal.action, previous, facts);
}

/** What reopens a frozen lane or replaces a committee waits for the delay, whatever else is delayed. */
function checkDelay(
  { transaction, before }: TransactionFacts,
  { action, organization, id }: StoredProposal,
  consents: readonly string[],
  { members, delayMs, chains }: StoredConfiguration,
  state: LedgerState,
  report: Report,
): void {
  const thaws =
    action.kind === 'set-lanes' &&
    action.lanes.some(({ laneId }) => {
      const standing = recordBefore(before, 'standing', laneId);
      return standing?.state === 'frozen';
    });
  if (delayMs === 0n || !(thaws || addsSigners(action, chains))) return;
  const times = consents.map((member) => state.get('consent', organization, member)?.timeMs ?? 0n);
  const complete = times.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))[Math.floor(members.length / 2)] ?? 0n;
  const due = complete + delayMs + 2n * BigInt(limits.skewSeconds) * 1000n;
  if (transaction.timeMs >= due) return;
  report('TRUST_CHANGED', `proposal ${id}`, `not before ${due.toString()}`, transaction.timeMs.toString());
}

/** A committee of fewer, with no new key and no lower threshold, only takes trust away; any other waits. */
function addsSigners(action: StoredProposal['action'], chains: StoredConfiguration['chains']): boolean {
  if (action.kind !== 'replace-committee') return false;
  if (!('chains' in action)) return true;
  const replaced = chains.filter(({ chainId }) => action.chains.some((each) => each.chainId === chainId));
  return replaced.some(({ committee: { threshold, notaries } }) => {
    const keys = notaries.map(({ mspId, publicKey }) => `${mspId} ${publicKey}`);
    const known = action.notaries.every(({ mspId, publicKey }) => keys.includes(`${mspId} ${publicKey}`));
    return !known || action.threshold < threshold;
  });
}

function effectOf(
  action: StoredProposal['action'],
  previous: StoredConfiguration,
  { written }: TransactionFacts,
): Allowed {
  switch (action.kind) {
    case 'configure':
      return { ...nothing, configuration: textOf(action.configuration) };
    case 'set-lanes':
      return { ...nothing, standings: action.lanes.map(({ laneId }) => `${laneId} ${action.state}`) };
    case 'set-assets':
      return { ...nothing, assets: action.assets.map(({ asset }) => `${asset} ${action.state}`) };
    case 'suspend-notary':
      return { ...nothing, suspended: [action.publicKey] };
    case 'replace-committee': {
      if ('chains' in action) return replacedBy(action, previous);
      const chains = previous.chains.map((trust) => {
        if (!action.chainIds.includes(trust.chainId)) return trust;
        // Its epoch may have been raised above the one in force; never lowered.
        const found = written.trust.find(({ chainId }) => chainId === trust.chainId)?.committee.epoch ?? 0;
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
  const rotation = requestOf(rotationShape, facts, report, 'TRUST_CHANGED');
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

function proven(facts: TransactionFacts, state: LedgerState, report: Report): Allowed {
  const evidence = requestOf(anyEvidenceShape, facts, report, 'TRUST_CHANGED');
  if (evidence === undefined) return nothing;
  try {
    const { lanes: named, publicKeys } = provenBy(evidence, facts, state);
    const lanes = named.flatMap(({ laneId }) => state.get('lane', laneId) ?? []);
    const freezing = new Set(lanes.flatMap(({ id, returnLaneId }) => [id, returnLaneId]));
    const written = facts.written.standing.filter(({ laneId }) => freezing.has(laneId));
    // A lane that is frozen already, or was by the same evidence, stays as it is.
    return { standings: written.map(({ laneId }) => `${laneId} frozen`), suspended: publicKeys };
  } catch (error) {
    report('TRUST_CHANGED', 'evidence', 'a lie that it proves', messageOf(error));
    return nothing;
  }
}

/** The lanes that evidence concerns, and the keys that it may end. @throws Refused when it proves nothing */
function provenBy(
  evidence: AnyEvidence,
  { written }: TransactionFacts,
  state: LedgerState,
): { readonly lanes: readonly LaneNamed[]; readonly publicKeys: readonly string[] } {
  if (evidence.kind === 'packets' || evidence.kind === 'receipts') {
    return { lanes: verifyEvidence(evidence).lanes, publicKeys: [evidence.publicKey] };
  }
  const trust = state.get('trust', evidence.sourceChainId);
  if (trust === undefined) throw new Refused({ code: 'CHAIN_UNTRUSTED', chainId: evidence.sourceChainId });
  const proven = verifySourceEvidence(evidence, trust);
  if (proven.kind === 'answers') return { lanes: proven.lanes, publicKeys: [] };
  // Of the keys that signed those may end whose own organization's peer is a witness; some may have ended before.
  const ended = written.notary.filter(({ publicKey, mspId }) => {
    return proven.publicKeys.includes(publicKey) && proven.witnesses.includes(mspId);
  });
  return { lanes: proven.lanes, publicKeys: ended.map(({ publicKey }) => publicKey) };
}

/** The configuration before the transaction. */
function previousOf({ before, written }: TransactionFacts, state: LedgerState): StoredConfiguration | undefined {
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
  return encode(storedConfigurationShape, configuration);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : String(error);
}
