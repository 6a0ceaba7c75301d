// SPDX-License-Identifier: Apache-2.0

import {
  ChainConnection,
  chainConnectionOptions,
  PegClient,
  userIdentity,
  type ConnectionOptions,
} from '@gridpeg/gateway-app';
import { readNetwork, type NetworkState } from '@gridpeg/network';
import { accountCodec, assetIdCodec, laneIdCodec, type Account, type AssetId, type LaneId } from '@gridpeg/protocol';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, signers, type Contract } from '@hyperledger/fabric-gateway';
import { createPrivateKey } from 'node:crypto';
import { yardstickName } from './bench-network';

export type ChainState = NetworkState['chains'][number];

/** An organization's operator, and how it reaches a chain. */
export interface Participant {
  readonly account: Account;
  readonly client: PegClient;
}

/**
 * Who does what in all phases, and the connections, each its own gRPC channel to a peer of the caller's organization.
 */
export class Participants {
  readonly state: NetworkState;
  readonly laneId: LaneId;
  readonly assetId: AssetId;
  readonly source: ChainState;
  readonly destination: ChainState;
  /** The user who makes value on the source chain. */
  readonly issuer: Participant;
  /** Two organizations that are members of both chains, as they reach each. */
  readonly atSource: readonly [Participant, Participant];
  readonly atDestination: readonly [Participant, Participant];
  readonly #closers: Array<() => void> = [];

  /** @throws NetworkError; Error when the topology has no lane or fewer than two shared members */
  constructor(stateDir: string) {
    this.state = readNetwork(stateDir);
    const [lane] = this.state.peg.lanes;
    if (lane === undefined) throw new Error('the topology has no lane');
    this.laneId = laneIdCodec.decode(lane.id, 'lane');
    this.source = this.chain(lane.source);
    this.destination = this.chain(lane.destination);
    const asset = this.state.peg.assets.find(({ id }) => id.startsWith(`${this.source.channel}/`));
    if (asset === undefined) throw new Error(`no asset is at home on ${lane.source}`);
    const [issuer] = asset.issuers;
    if (issuer === undefined) throw new Error(`nobody may issue ${asset.id}`);
    this.assetId = assetIdCodec.decode(asset.id, 'asset');
    const [a, b] = this.source.members.filter(
      (mspId) => mspId !== issuer.split('/', 1)[0] && this.destination.members.includes(mspId),
    );
    if (a === undefined || b === undefined) throw new Error(`lane ${lane.id} joins fewer than two shared members`);
    this.issuer = this.#participant(this.source, issuer);
    this.atSource = [this.#participant(this.source, a), this.#participant(this.source, b)];
    this.atDestination = [this.#participant(this.destination, a), this.#participant(this.destination, b)];
  }

  chain(name: string): ChainState {
    const chain = this.state.chains.find((candidate) => candidate.name === name);
    if (chain === undefined) throw new Error(`no chain ${name}`);
    return chain;
  }

  /** The yardstick on the source chain by plain fabric-gateway: one contract for each of the two organizations. */
  yardstick(): readonly [Contract, Contract] {
    const [a, b] = this.atSource;
    return [this.#contract(a), this.#contract(b)];
  }

  close(): void {
    for (const close of this.#closers) close();
  }

  #participant(chain: ChainState, mspId: string): Participant {
    const options = this.#connectionOptions(chain, mspId);
    const connection = ChainConnection.connect(options);
    this.#closers.push(() => {
      connection.close();
    });
    return { account: this.#account(mspId), client: new PegClient(connection) };
  }

  #contract({ client }: Participant): Contract {
    const { peers, identity, channel } = this.#connectionOptions(this.source, client.connection.mspId);
    const peer = peers.find(({ mspId }) => mspId === identity.mspId);
    if (peer === undefined) throw new Error(`${identity.mspId} has no peer on ${channel}`);
    const transport = new Client(peer.endpoint, credentials.createSsl(Buffer.from(peer.tlsCaCert)), {
      'grpc.ssl_target_name_override': peer.hostAlias,
    });
    const gateway = connect({
      client: transport,
      identity: { mspId: identity.mspId, credentials: Buffer.from(identity.certificate) },
      signer: signers.newPrivateKeySigner(createPrivateKey(identity.privateKey)),
    });
    this.#closers.push(() => {
      gateway.close();
      transport.close();
    });
    return gateway.getNetwork(channel).getContract(yardstickName);
  }

  #account(mspId: string): Account {
    const { organization, user } = this.#operator(mspId);
    return accountCodec.decode(`${mspId}/${user.name}@${organization.domain}`, 'account');
  }

  #connectionOptions(chain: ChainState, mspId: string): ConnectionOptions {
    return chainConnectionOptions(chain, userIdentity(mspId, this.#operator(mspId).user));
  }

  #operator(mspId: string): {
    readonly organization: NetworkState['organizations'][number];
    readonly user: NetworkState['organizations'][number]['users'][number];
  } {
    const organization = this.state.organizations.find((candidate) => candidate.mspId === mspId);
    const user = organization?.users.find(({ role }) => role === 'operator');
    if (organization === undefined || user === undefined) throw new Error(`${mspId} has no operator`);
    return { organization, user };
  }
}
