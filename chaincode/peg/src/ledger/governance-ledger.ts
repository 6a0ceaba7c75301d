// SPDX-License-Identifier: Apache-2.0

import {
  approvalShape,
  assetShape,
  assetStandingShape,
  chainRecordShape,
  configurationShape,
  consentShape,
  currentConfiguration,
  evidenceRecordShape,
  formerTrustShape,
  formerTrustSlots,
  laneShape,
  laneStandingShape,
  notaryKeyHashOf,
  notaryStandingShape,
  pastCommitteeShape,
  proposalShape,
  Refused,
  replacementShape,
  stateKey,
  storedConfigurationShape,
  storedProposalShape,
  trustRecordShape,
  type Account,
  type AssetId,
  type AssetStanding,
  type ChainId,
  type Committee,
  type Configuration,
  type Consent,
  type EvidenceRecord,
  type FormerTrust,
  type LaneId,
  type LaneStanding,
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
    const stored = await this.#store.get(storedConfigurationShape, 'configuration');
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
      this.#store.get(approvalShape, 'approval', sequence.toString(), hash, member),
    );
    return found.size;
  }

  approve({ sequence }: Configuration, hash: string, member: MspId, account: Account): Promise<void> {
    const key = stateKey('approval', sequence.toString(), hash, member);
    return this.#store.put(key, approvalShape, { version: 1, account });
  }

  /** Standings of these lanes, those that there are. */
  standings(ids: readonly LaneId[]): Promise<ReadonlyMap<LaneId, LaneStanding>> {
    return this.#store.each(ids, (id) => this.#store.get(laneStandingShape, 'standing', id));
  }

  /** Standings of these assets, those that there are. */
  assetStandings(ids: readonly AssetId[]): Promise<ReadonlyMap<AssetId, AssetStanding>> {
    return this.#store.each(ids, (id) => this.#store.get(assetStandingShape, 'asset-standing', id));
  }

  /** How often the committees of these chains were replaced, where they were. */
  replacements(ids: readonly ChainId[]): Promise<ReadonlyMap<ChainId, Replacement>> {
    return this.#store.each(ids, (id) => this.#store.get(replacementShape, 'replacement', id));
  }

  /** Records of these notaries' keys, those that there are. */
  notaries(publicKeys: readonly string[]): Promise<KnownNotaries> {
    return this.#store.each(publicKeys, (key) => this.#store.get(notaryStandingShape, 'notary', notaryKeyHashOf(key)));
  }

  /** An organization's open proposal. @throws Refused PROPOSAL_UNKNOWN */
  async proposal(organization: MspId): Promise<StoredProposal> {
    const proposal = await this.#store.get(storedProposalShape, 'proposal', organization);
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
      const consent = await this.#store.get(consentShape, 'consent', organization, member);
      return consent?.proposalId === id ? consent : undefined;
    });
  }

  propose(proposal: Proposal): Promise<void> {
    return this.#store.put(stateKey('proposal', proposal.organization), proposalShape, proposal);
  }

  consent({ organization }: StoredProposal, member: MspId, consent: Consent): Promise<void> {
    return this.#store.put(stateKey('consent', organization, member), consentShape, consent);
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
      const past = await this.#store.get(pastCommitteeShape, 'committee', chainId, epoch.toString());
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
      this.#store.get(formerTrustShape, 'former-trust', ...place),
    );
    return [...found.values()];
  }

  /** What has been proven about a packet or its receipt, if anything. */
  evidence(about: EvidenceKey): Promise<StoredEvidenceRecord | undefined> {
    return this.#store.get(evidenceRecordShape, 'evidence', ...evidenceKey(about));
  }

  /** Never called by a transaction that writes. */
  listEvidence(pageSize: number, bookmark: string): Promise<Page<StoredEvidenceRecord>> {
    return this.#store.list(evidenceRecordShape, 'evidence', [], pageSize, bookmark);
  }

  /** Writes what was decided; a configuration with all the records that are made from it. */
  async save(changes: GovernanceChanges): Promise<void> {
    const { configuration, standings, notaries, assets = [], replacements = [] } = changes;
    const { pastCommittees = [], formerTrust = [], evidence } = changes;
    const store = this.#store;
    await Promise.all([
      ...(configuration === undefined ? [] : this.#configure(configuration)),
      ...standings.map((standing) => store.put(stateKey('standing', standing.laneId), laneStandingShape, standing)),
      ...notaries.map((notary) =>
        store.put(stateKey('notary', notaryKeyHashOf(notary.publicKey)), notaryStandingShape, notary),
      ),
      ...pastCommittees.map((past) =>
        store.put(stateKey('committee', past.chainId, past.committee.epoch.toString()), pastCommitteeShape, past),
      ),
      ...formerTrust.map((former) =>
        store.put(stateKey('former-trust', former.trust.chainId, former.slot.toString()), formerTrustShape, former),
      ),
      ...(evidence === undefined
        ? []
        : [store.put(stateKey('evidence', ...evidenceKey(evidence)), evidenceRecordShape, evidence)]),
      ...assets.map((asset) => store.put(stateKey('asset-standing', asset.asset), assetStandingShape, asset)),
      ...replacements.map((each) => store.put(stateKey('replacement', each.chainId), replacementShape, each)),
    ]);
  }

  #trust(chainId: ChainId): Promise<TrustRecord | undefined> {
    return this.#store.get(trustRecordShape, 'trust', chainId);
  }

  #configure(configuration: Configuration): readonly Promise<void>[] {
    const { chainId, sequence, members, assets, chains, lanes } = configuration;
    const store = this.#store;
    return [
      store.put(stateKey('configuration'), configurationShape, configuration),
      store.put(stateKey('chain'), chainRecordShape, { version: 3, chainId, sequence, members }),
      ...assets.map((asset) => store.put(stateKey('asset', asset.id), assetShape, asset)),
      ...chains.map((chain) => store.put(stateKey('trust', chain.chainId), trustRecordShape, chain)),
      ...lanes.map((lane) => store.put(stateKey('lane', lane.id), laneShape, lane)),
    ];
  }
}

function evidenceKey({ kind, about, sourceChainId, packetId }: EvidenceKey): readonly string[] {
  return [kind, about, sourceChainId, packetId];
}
