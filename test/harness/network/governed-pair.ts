// SPDX-License-Identifier: Apache-2.0

import { createPublicKey, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { type Committed, type PegClient } from '@gridpeg/gateway-app';
import { deployChaincode } from '@gridpeg/network';
import {
  signBatch,
  verifyEndorsedProof,
  type Action,
  type Batch,
  type BatchKind,
  type Certificate,
  type Configuration,
  type EndorsedProof,
  type ProposalRequest,
  type ResultsResponse,
  type TrustRecord,
  type TxId,
} from '@gridpeg/protocol';
import { repositoryDir } from '../cli/gridpeg';
import { laneId, mspId, organizations, type OrganizationName, type TestNetwork } from './test-network';

export type End = 'city' | 'charging';

/** Who signs for whom in a committee. */
export type NotaryKeys = Readonly<Record<OrganizationName, KeyObject>>;

/**
 * One chaincode on two channels, pegged to itself with a governance of its own, beside the one that the other tests
 * share.
 */
export class GovernedPair {
  readonly #network: TestNetwork;
  readonly #chaincode: string;

  constructor(network: TestNetwork, chaincode: string) {
    this.#network = network;
    this.#chaincode = chaincode;
  }

  as(end: End, organization: OrganizationName, user = 'Admin'): PegClient {
    return this.#network.client(end, organization, user, this.#chaincode);
  }

  async deploy(end: End): Promise<void> {
    const path = join(repositoryDir, 'chaincode', end);
    await deployChaincode({ stateDir: this.#network.stateDir, chain: end, name: this.#chaincode, path });
  }

  members(end: End): readonly OrganizationName[] {
    return organizations.filter((name) => this.#network.chain(end).members.includes(name));
  }

  /** A first configuration with the other end only. */
  async firstConfiguration(end: End): Promise<Configuration> {
    const usual = await this.#network.configuration(end);
    const ends = (['city', 'charging'] as const).map((name) => this.#network.chain(name).chainId);
    return {
      ...usual,
      sequence: 1,
      delayMs: 0n,
      chains: usual.chains
        .filter(({ chainId }) => ends.includes(chainId))
        .map((trust) => ({ ...trust, chaincodeName: this.#chaincode })),
      lanes: usual.lanes.filter((lane) => ends.includes(lane.sourceChainId) && ends.includes(lane.destinationChainId)),
    };
  }

  /** Approves and commits a first configuration for all members. */
  async configure(end: End, configuration: Configuration): Promise<void> {
    for (const name of this.members(end)) {
      await this.everywhere(end, this.as(end, name).governance.approveConfiguration(configuration));
    }
    await this.everywhere(end, this.as(end, 'ChargingMSP').governance.commitConfiguration(configuration));
  }

  /** Proposes by the first organization and lets the others approve. */
  async agree(
    end: End,
    action: Action,
    proposer: OrganizationName,
    ...others: readonly OrganizationName[]
  ): Promise<ProposalRequest> {
    const { answer } = await this.everywhere(end, this.as(end, proposer).governance.propose(action));
    const request = { organization: mspId(proposer), proposalId: answer.proposalId };
    for (const name of others) await this.everywhere(end, this.as(end, name).governance.approve(request));
    return request;
  }

  async execute(end: End, request: ProposalRequest): Promise<void> {
    await this.everywhere(end, this.as(end, 'ChargingMSP', 'User1').governance.execute(request));
  }

  /** What one end holds about the other, as it is now. */
  async trust(of: End, on: End): Promise<TrustRecord> {
    const { chains } = await this.as(on, 'ChargingMSP').getConfiguration();
    const trust = chains.find(({ chainId }) => chainId === this.#network.chain(of).chainId);
    if (trust === undefined) throw new Error(`${on} has no trust record of ${of}`);
    return trust;
  }

  async prove(
    kind: BatchKind,
    from: End,
    txIds: readonly TxId[],
    endorsers = this.members('charging'),
  ): Promise<EndorsedProof> {
    const client = this.as(from, 'ChargingMSP', 'User1');
    return client.proveExport(kind, { laneId: laneId('city-charging'), txIds }, endorsers);
  }

  /** A certificate for the other end, signed under its trust record as it is now. */
  async certificate(
    kind: BatchKind,
    from: End,
    txIds: readonly TxId[],
    keys: NotaryKeys,
    notaries: readonly OrganizationName[],
    proven = this.prove(kind, from, txIds),
  ): Promise<{ readonly certificate: Certificate; readonly batch: Batch; readonly trust: TrustRecord }> {
    const proof = await proven;
    const trust = await this.trust(from, from === 'city' ? 'charging' : 'city');
    const { batch } = verifyEndorsedProof(proof, trust);
    const signatures = notaries.map((name) => signBatch(batch, trust, mspId(name), keys[name]));
    const certificate: Certificate = {
      version: 1,
      custody: 'federation',
      proof,
      epoch: trust.committee.epoch,
      signatures,
    };
    return { certificate, batch, trust };
  }

  receive(certificate: Certificate): Promise<Committed<ResultsResponse>> {
    const receiving = this.as('charging', 'ChargingMSP', 'User1').receive({ certificate, escrowIds: [] });
    return this.everywhere('charging', receiving);
  }

  everywhere<T extends { readonly blockNumber: bigint | undefined }>(end: End, commit: Promise<T>): Promise<T> {
    return this.#network.everywhere(end, commit);
  }
}

/** As committees name a key. */
export function publicKeyOf(key: KeyObject): string {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
}
