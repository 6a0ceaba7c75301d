// SPDX-License-Identifier: Apache-2.0

import {
  approvalShape,
  assetShape,
  chainRecordShape,
  configurationShape,
  consentShape,
  laneShape,
  laneStandingShape,
  notaryKeyHashOf,
  notaryStandingShape,
  proposalShape,
  Refused,
  stateKey,
  trustRecordShape,
  type Account,
  type Configuration,
  type Consent,
  type LaneId,
  type LaneStanding,
  type MspId,
  type Proposal,
  type ProposalRequest,
} from '@gridpeg/protocol';
import type { GovernanceChanges, KnownNotaries } from '../domain/governance-changes';
import type { StateStub } from './state-messages';
import { StateStore } from './state-store';

/** Keys of what is trusted and allowed, and of how that changes; docs/spec/06-ledger.md. */
export class GovernanceLedger {
  readonly #store: StateStore;

  constructor(stub: StateStub) {
    this.#store = new StateStore(stub);
  }

  /** Undefined before the first. */
  configuration(): Promise<Configuration | undefined> {
    return this.#store.get(configurationShape, 'configuration');
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

  /** Records of these notaries' keys, those that there are. */
  notaries(publicKeys: readonly string[]): Promise<KnownNotaries> {
    return this.#store.each(publicKeys, (key) => this.#store.get(notaryStandingShape, 'notary', notaryKeyHashOf(key)));
  }

  /** An organization's open proposal. @throws Refused PROPOSAL_UNKNOWN */
  async proposal(organization: MspId): Promise<Proposal> {
    const proposal = await this.#store.get(proposalShape, 'proposal', organization);
    if (proposal === undefined) throw new Refused({ code: 'PROPOSAL_UNKNOWN', organization });
    return proposal;
  }

  /** That very proposal, still open. @throws Refused PROPOSAL_UNKNOWN */
  async openProposal({ organization, proposalId }: ProposalRequest): Promise<Proposal> {
    const proposal = await this.proposal(organization);
    if (proposal.id !== proposalId) throw new Refused({ code: 'PROPOSAL_UNKNOWN', organization });
    return proposal;
  }

  /** Consents of these members to this very proposal, by member. */
  consents({ id, organization }: Proposal, members: readonly MspId[]): Promise<ReadonlyMap<MspId, Consent>> {
    return this.#store.each(members, async (member) => {
      const consent = await this.#store.get(consentShape, 'consent', organization, member);
      return consent?.proposalId === id ? consent : undefined;
    });
  }

  propose(proposal: Proposal): Promise<void> {
    return this.#store.put(stateKey('proposal', proposal.organization), proposalShape, proposal);
  }

  consent({ organization }: Proposal, member: MspId, consent: Consent): Promise<void> {
    return this.#store.put(stateKey('consent', organization, member), consentShape, consent);
  }

  takeBack({ organization }: Proposal, member: MspId): Promise<void> {
    return this.#store.delete(stateKey('consent', organization, member));
  }

  /** Ends a proposal; consents that are left name an id that never comes again. */
  close({ organization }: Proposal): Promise<void> {
    return this.#store.delete(stateKey('proposal', organization));
  }

  /** Writes what was decided; a configuration with all the records that are made from it. */
  async save({ configuration, standings, notaries }: GovernanceChanges): Promise<void> {
    const store = this.#store;
    await Promise.all([
      ...(configuration === undefined ? [] : this.#configure(configuration)),
      ...standings.map((standing) => store.put(stateKey('standing', standing.laneId), laneStandingShape, standing)),
      ...notaries.map((notary) =>
        store.put(stateKey('notary', notaryKeyHashOf(notary.publicKey)), notaryStandingShape, notary),
      ),
    ]);
  }

  #configure(configuration: Configuration): readonly Promise<void>[] {
    const { chainId, sequence, members, assets, chains, lanes } = configuration;
    const store = this.#store;
    return [
      store.put(stateKey('configuration'), configurationShape, configuration),
      store.put(stateKey('chain'), chainRecordShape, { version: 2, chainId, sequence, members }),
      ...assets.map((asset) => store.put(stateKey('asset', asset.id), assetShape, asset)),
      ...chains.map((chain) => store.put(stateKey('trust', chain.chainId), trustRecordShape, chain)),
      ...lanes.map((lane) => store.put(stateKey('lane', lane.id), laneShape, lane)),
    ];
  }
}
