// SPDX-License-Identifier: Apache-2.0

import {
  actionShape,
  anyEvidenceShape,
  configurationAnswerShape,
  configurationShape,
  emptyRequestShape,
  encode,
  evidenceAnswerShape,
  getProposalRequestShape,
  proposalAnswerShape,
  proposalRequestShape,
  proposalStatusShape,
  rotationAnswerShape,
  rotationShape,
  standingsShape,
  type Action,
  type AnyEvidence,
  type Configuration,
  type ConfigurationAnswer,
  type EvidenceAnswer,
  type MspId,
  type ProposalAnswer,
  type ProposalRequest,
  type ProposalStatus,
  type Rotation,
  type RotationAnswer,
  type Standings,
} from '@gridpeg/protocol';
import { type ChainConnection } from './connection/chain-connection';
import { type Committed } from './committed';
import { evaluate, submit } from './contract-calls';
import { PegError } from './errors/peg-error';

/**
 * The contract `governance` of one chain, typed: how what it trusts and allows changes.
 *
 * Submitting methods return once the transaction is VALID on a peer. All throw {@link PegError}.
 * @see docs/spec/08-governance.md
 */
export class GovernanceClient {
  readonly #connection: ChainConnection;

  constructor(connection: ChainConnection) {
    this.#connection = connection;
  }

  /** Approves the first configuration; needs an administrator. */
  async approveConfiguration(configuration: Configuration): Promise<Committed<ConfigurationAnswer>> {
    const argument = encode(configurationShape, configuration);
    return submit(this.#connection, 'governance:approveConfiguration', argument, configurationAnswerShape);
  }

  /** Puts the first configuration in force. */
  async commitConfiguration(configuration: Configuration): Promise<Committed<ConfigurationAnswer>> {
    const argument = encode(configurationShape, configuration);
    return submit(this.#connection, 'governance:commitConfiguration', argument, configurationAnswerShape);
  }

  /** Proposes for the caller's organization, which thereby consents; needs an administrator. */
  async propose(action: Action): Promise<Committed<ProposalAnswer>> {
    return submit(this.#connection, 'governance:propose', encode(actionShape, action), proposalAnswerShape);
  }

  /** Consents for the caller's organization; needs an administrator. */
  async approve(request: ProposalRequest): Promise<Committed<ProposalAnswer>> {
    return this.#decide('approve', request);
  }

  /** Takes the consent back; that of the proposer ends the proposal. */
  async withdraw(request: ProposalRequest): Promise<Committed<ProposalAnswer>> {
    return this.#decide('withdraw', request);
  }

  /**
   * Carries an approved proposal out. @throws PegError PROPOSAL_NOT_DUE, PROPOSAL_NOT_APPROVED, PROPOSAL_STALE and
   * others
   */
  async execute(request: ProposalRequest): Promise<Committed<ProposalAnswer>> {
    return this.#decide('execute', request);
  }

  /** The organization's open proposal, undefined when there is none. */
  async proposal(organization: MspId): Promise<ProposalStatus | undefined> {
    try {
      const argument = encode(getProposalRequestShape, { organization });
      return await evaluate(this.#connection, 'governance:getProposal', argument, proposalStatusShape);
    } catch (error) {
      if (error instanceof PegError && error.code === 'PROPOSAL_UNKNOWN') return undefined;
      throw error;
    }
  }

  /** Which lanes are or were paused or frozen, and whether each notary's key counts. */
  async standings(): Promise<Standings> {
    return evaluate(this.#connection, 'governance:getStandings', encode(emptyRequestShape, {}), standingsShape);
  }

  /** Hands a committee's hand-over in; anybody may. */
  async rotate(rotation: Rotation): Promise<Committed<RotationAnswer>> {
    return submit(this.#connection, 'governance:rotate', encode(rotationShape, rotation), rotationAnswerShape);
  }

  /** Hands evidence of a lie in; anybody may. */
  async submitEvidence(evidence: AnyEvidence): Promise<Committed<EvidenceAnswer>> {
    const argument = encode(anyEvidenceShape, evidence);
    return submit(this.#connection, 'governance:submitEvidence', argument, evidenceAnswerShape);
  }

  async #decide(
    step: 'approve' | 'withdraw' | 'execute',
    request: ProposalRequest,
  ): Promise<Committed<ProposalAnswer>> {
    const argument = encode(proposalRequestShape, request);
    return submit(this.#connection, `governance:${step}`, argument, proposalAnswerShape);
  }
}
