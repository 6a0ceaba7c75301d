// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one class, so that all keys and records of governance are in one place.

import {
  approvalCodec,
  assetCodec,
  assetStatusCodec,
  chainRecordCodec,
  configurationCodec,
  consentCodec,
  currentConfiguration,
  evidenceRecordCodec,
  formerTrustCodec,
  formerTrustSlots,
  laneCodec,
  laneStatusCodec,
  notaryKeyHashOf,
  notaryStatusCodec,
  pastCommitteeCodec,
  proposalCodec,
  Refused,
  replacementCodec,
  stateKey,
  storedConfigurationCodec,
  storedProposalCodec,
  trustRecordCodec,
  type Account,
  type AssetId,
  type AssetStatusRecord,
  type ChainId,
  type Committee,
  type Configuration,
  type Consent,
  type EvidenceRecord,
  type FormerTrust,
  type LaneId,
  type LaneStatusRecord,
  type MspId,
  type Proposal,
  type ProposalRequest,
  type Replacement,
  type StoredEvidenceRecord,
  type StoredProposal,
  type TrustRecord,
} from '@gridpeg/protocol';
import type { GovernanceChanges, KnownNotaries } from '../domain/governance/governance-changes';
import type { StateStub } from '../shim/state-messages';
import { StateStore, type Page } from './state-store';

type EvidenceKey = Pick<EvidenceRecord, 'kind' | 'about' | 'sourceChainId' | 'packetId'>;

/** Keys of what is trusted and allowed, and of how that changes; docs/spec/06-ledger.md. */
export class GovernanceLedger {
  readonly #store: StateStore;

  constructor(stub: StateStub) {
    this.#store = new StateStore(stub);
  }

  /** Undefined before the first. */
  async configuration(): Promise<Configuration | undefined> {
    const stored = await this.#store.get(storedConfigurationCodec, 'configuration');
    return stored === undefined ? undefined : currentConfiguration(stored);
  }

  /** @throws Refused CHAIN_NOT_CONFIGURED */
  async configurationInForce(): Promise<Configuration> {
    const configuration = await this.configuration();
    if (configuration === undefined) throw new Refused({ code: 'CHAIN_NOT_CONFIGURED' });
    return configuration;
  }

  /** How many of the organizations that it lists approved this very first configuration. */
  async approvals({ sequence, members }: Configuration, hash: string): Promise<number> {
    const found = await this.#store.each(members, (member) =>
      this.#store.get(approvalCodec, 'approval', sequence.toString(), hash, member),
    );
    return found.size;
  }

  approve({ sequence }: Configuration, hash: string, member: MspId, account: Account): Promise<void> {
    const key = stateKey('approval', sequence.toString(), hash, member);
    return this.#store.put(key, approvalCodec, { version: 1, account });
  }

  /** Standings of these lanes, those that there are. */
  laneStatuses(ids: readonly LaneId[]): Promise<ReadonlyMap<LaneId, LaneStatusRecord>> {
    return this.#store.each(ids, (id) => this.#store.get(laneStatusCodec, 'standing', id));
  }

  /** Standings of these assets, those that there are. */
  assetStatuses(ids: readonly AssetId[]): Promise<ReadonlyMap<AssetId, AssetStatusRecord>> {
    return this.#store.each(ids, (id) => this.#store.get(assetStatusCodec, 'asset-standing', id));
  }

  /** How often the committees of these chains were replaced, where they were. */
  replacements(ids: readonly ChainId[]): Promise<ReadonlyMap<ChainId, Replacement>> {
    return this.#store.each(ids, (id) => this.#store.get(replacementCodec, 'replacement', id));
  }

  /** Records of these notaries' keys, those that there are. */
  notaries(publicKeys: readonly string[]): Promise<KnownNotaries> {
    return this.#store.each(publicKeys, (key) => this.#store.get(notaryStatusCodec, 'notary', notaryKeyHashOf(key)));
  }

  /** An organization's open proposal. @throws Refused PROPOSAL_UNKNOWN */
  async proposal(organization: MspId): Promise<StoredProposal> {
    const proposal = await this.#store.get(storedProposalCodec, 'proposal', organization);
    if (proposal === undefined) throw new Refused({ code: 'PROPOSAL_UNKNOWN', organization });
    return proposal;
  }

  /** That very proposal, still open. @throws Refused PROPOSAL_UNKNOWN */
  async openProposal({ organization, proposalId }: ProposalRequest): Promise<StoredProposal> {
    const proposal = await this.proposal(organization);
    if (proposal.id !== proposalId) throw new Refused({ code: 'PROPOSAL_UNKNOWN', organization });
    return proposal;
  }

  /** Consents of these members to this very proposal, by member. */
  consents({ id, organization }: StoredProposal, members: readonly MspId[]): Promise<ReadonlyMap<MspId, Consent>> {
    return this.#store.each(members, async (member) => {
      const consent = await this.#store.get(consentCodec, 'consent', organization, member);
      return consent?.proposalId === id ? consent : undefined;
    });
  }

  propose(proposal: Proposal): Promise<void> {
    return this.#store.put(stateKey('proposal', proposal.organization), proposalCodec, proposal);
  }

  consent({ organization }: StoredProposal, member: MspId, consent: Consent): Promise<void> {
    return this.#store.put(stateKey('consent', organization, member), consentCodec, consent);
  }

  takeBack({ organization }: StoredProposal, member: MspId): Promise<void> {
    return this.#store.delete(stateKey('consent', organization, member));
  }

  /** Ends a proposal; consents that are left name an id that never comes again. */
  close({ organization }: StoredProposal): Promise<void> {
    return this.#store.delete(stateKey('proposal', organization));
  }

  /** Committees that signed for these chains in these epochs and are in force no longer, those that there are. */
  async pastCommittees(chainId: ChainId, epochs: readonly number[]): Promise<ReadonlyMap<number, Committee>> {
    return this.#store.each(epochs, async (epoch) => {
      const past = await this.#store.get(pastCommitteeCodec, 'committee', chainId, epoch.toString());
      return past?.committee;
    });
  }

  /** The committee in force that signs for a chain, if the chain is trusted here. */
  async committee(chainId: ChainId): Promise<Committee | undefined> {
    return (await this.#trust(chainId))?.committee;
  }

  /** What this ledger trusts of a chain. @throws Refused CHAIN_UNTRUSTED */
  async trust(chainId: ChainId): Promise<TrustRecord> {
    const trust = await this.#trust(chainId);
    if (trust === undefined) throw new Refused({ code: 'CHAIN_UNTRUSTED', chainId });
    return trust;
  }

  /** Trust records of these chains that urgent changes left behind, also those whose time is over. */
  async formerTrust(chainIds: readonly ChainId[]): Promise<readonly FormerTrust[]> {
    const places = chainIds.flatMap((chainId) => formerTrustSlots.map((slot) => [chainId, slot.toString()] as const));
    const found = await this.#store.each(places, (place) =>
      this.#store.get(formerTrustCodec, 'former-trust', ...place),
    );
    return [...found.values()];
  }

  /** What has been proven about a packet or its receipt, if anything. */
  evidence(about: EvidenceKey): Promise<StoredEvidenceRecord | undefined> {
    return this.#store.get(evidenceRecordCodec, 'evidence', ...evidenceKey(about));
  }

  /** Never called by a transaction that writes. */
  listEvidence(pageSize: number, bookmark: string): Promise<Page<StoredEvidenceRecord>> {
    return this.#store.list(evidenceRecordCodec, 'evidence', [], pageSize, bookmark);
  }

  /** Writes what was decided; a configuration with all the records that are made from it. */
  async save(changes: GovernanceChanges): Promise<void> {
    const { configuration, laneStatuses, notaries, assets = [], replacements = [] } = changes;
    const { pastCommittees = [], formerTrust = [], evidence } = changes;
    const store = this.#store;
    await Promise.all([
      ...(configuration === undefined ? [] : this.#configure(configuration)),
      ...laneStatuses.map((status) => store.put(stateKey('standing', status.laneId), laneStatusCodec, status)),
      ...notaries.map((notary) =>
        store.put(stateKey('notary', notaryKeyHashOf(notary.publicKey)), notaryStatusCodec, notary),
      ),
      ...pastCommittees.map((past) =>
        store.put(stateKey('committee', past.chainId, past.committee.epoch.toString()), pastCommitteeCodec, past),
      ),
      ...formerTrust.map((former) =>
        store.put(stateKey('former-trust', former.trust.chainId, former.slot.toString()), formerTrustCodec, former),
      ),
      ...(evidence === undefined
        ? []
        : [store.put(stateKey('evidence', ...evidenceKey(evidence)), evidenceRecordCodec, evidence)]),
      ...assets.map((asset) => store.put(stateKey('asset-standing', asset.asset), assetStatusCodec, asset)),
      ...replacements.map((each) => store.put(stateKey('replacement', each.chainId), replacementCodec, each)),
    ]);
  }

  #trust(chainId: ChainId): Promise<TrustRecord | undefined> {
    return this.#store.get(trustRecordCodec, 'trust', chainId);
  }

  #configure(configuration: Configuration): readonly Promise<void>[] {
    const { chainId, sequence, members, assets, chains, lanes } = configuration;
    const store = this.#store;
    return [
      store.put(stateKey('configuration'), configurationCodec, configuration),
      store.put(stateKey('chain'), chainRecordCodec, { version: 3, chainId, sequence, members }),
      ...assets.map((asset) => store.put(stateKey('asset', asset.id), assetCodec, asset)),
      ...chains.map((chain) => store.put(stateKey('trust', chain.chainId), trustRecordCodec, chain)),
      ...lanes.map((lane) => store.put(stateKey('lane', lane.id), laneCodec, lane)),
    ];
  }
}

function evidenceKey({ kind, about, sourceChainId, packetId }: EvidenceKey): readonly string[] {
  return [kind, about, sourceChainId, packetId];
}
