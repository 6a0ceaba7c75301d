// SPDX-License-Identifier: Apache-2.0

import {
  actionCodec,
  anyEvidenceCodec,
  configurationResponseCodec,
  configurationCodec,
  emptyRequestCodec,
  encode,
  evidenceResponseCodec,
  getProposalRequestCodec,
  proposalResponseCodec,
  proposalRequestCodec,
  proposalStatusCodec,
  rotationResponseCodec,
  rotationCodec,
  statusRecordsCodec,
  type Action,
  type AnyEvidence,
  type Configuration,
  type ConfigurationResponse,
  type EvidenceResponse,
  type MspId,
  type ProposalResponse,
  type ProposalRequest,
  type ProposalStatus,
  type Rotation,
  type RotationResponse,
  type StatusRecords,
} from '@gridpeg/protocol';
import { type ChainConnection } from './connection/chain-connection';
import { type Committed } from './committed';
import { evaluate, submit } from './contract-calls';
import { PegError } from './errors/peg-error';

/**
 * A typed client of the contract `governance` of one chain, which changes what the chain trusts and allows.
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
  async approveConfiguration(configuration: Configuration): Promise<Committed<ConfigurationResponse>> {
    const argument = encode(configurationCodec, configuration);
    return submit(this.#connection, 'governance:approveConfiguration', argument, configurationResponseCodec);
  }

  /** Puts the first configuration in force. */
  async commitConfiguration(configuration: Configuration): Promise<Committed<ConfigurationResponse>> {
    const argument = encode(configurationCodec, configuration);
    return submit(this.#connection, 'governance:commitConfiguration', argument, configurationResponseCodec);
  }

  /** Proposes for the caller's organization, which thereby consents; needs an administrator. */
  async propose(action: Action): Promise<Committed<ProposalResponse>> {
    return submit(this.#connection, 'governance:propose', encode(actionCodec, action), proposalResponseCodec);
  }

  /** Consents for the caller's organization; needs an administrator. */
  async approve(request: ProposalRequest): Promise<Committed<ProposalResponse>> {
    return this.#decide('approve', request);
  }

  /** Takes the consent back; that of the proposer ends the proposal. */
  async withdraw(request: ProposalRequest): Promise<Committed<ProposalResponse>> {
    return this.#decide('withdraw', request);
  }

  /**
   * Carries an approved proposal out. @throws PegError PROPOSAL_NOT_DUE, PROPOSAL_NOT_APPROVED, PROPOSAL_STALE and
   * others
   */
  async execute(request: ProposalRequest): Promise<Committed<ProposalResponse>> {
    return this.#decide('execute', request);
  }

  /** The organization's open proposal, undefined when there is none. */
  async proposal(organization: MspId): Promise<ProposalStatus | undefined> {
    try {
      const argument = encode(getProposalRequestCodec, { organization });
      return await evaluate(this.#connection, 'governance:getProposal', argument, proposalStatusCodec);
    } catch (error) {
      if (error instanceof PegError && error.code === 'PROPOSAL_UNKNOWN') return undefined;
      throw error;
    }
  }

  /** Which lanes are or were paused or frozen, and whether each notary's key counts. */
  async statusRecords(): Promise<StatusRecords> {
    return evaluate(this.#connection, 'governance:getStandings', encode(emptyRequestCodec, {}), statusRecordsCodec);
  }

  /** Submits the rotation of a committee; anybody may. */
  async rotate(rotation: Rotation): Promise<Committed<RotationResponse>> {
    return submit(this.#connection, 'governance:rotate', encode(rotationCodec, rotation), rotationResponseCodec);
  }

  /** Submits evidence of a lie; anybody may. */
  async submitEvidence(evidence: AnyEvidence): Promise<Committed<EvidenceResponse>> {
    const argument = encode(anyEvidenceCodec, evidence);
    return submit(this.#connection, 'governance:submitEvidence', argument, evidenceResponseCodec);
  }

  async #decide(
    step: 'approve' | 'withdraw' | 'execute',
    request: ProposalRequest,
  ): Promise<Committed<ProposalResponse>> {
    const argument = encode(proposalRequestCodec, request);
    return submit(this.#connection, `governance:${step}`, argument, proposalResponseCodec);
  }
}
