// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one class, the session in which everything of a network is found by name.

import { accountCodec, channelOf, readCertificate, roleOf, type Account, type ChainId } from '@gridpeg/protocol';
import { readNetwork, requireAttachedNetwork, type NetworkState } from '@gridpeg/network';
import { readFileSync } from 'node:fs';
import { ChainConnection, PegClient, type ConnectionOptions } from '../client';
import { chainConnectionOptions, userIdentity } from './network-connection';
import { CommandError } from '../errors/command-error';
import { parseByCodec } from '../input/parse-option';
import { accountIn, canonicalPem, readIdentityCertificate } from './identity-certificate';

export type ChainState = NetworkState['chains'][number];
export type OrganizationState = NetworkState['organizations'][number];
export type LaneState = NetworkState['peg']['lanes'][number];

/** A user whose X.509 certificate and private key lie in the state folder. */
export interface Holder {
  readonly organization: OrganizationState;
  readonly user: OrganizationState['users'][number];
  readonly account: Account;
}

/**
 * The session of a program with a network: it finds chains, organizations, lanes and users by the names that people
 * give, and opens connections to their chaincode. `close` closes all of them.
 */
export class PeggedNetwork {
  readonly state: NetworkState;
  readonly #clients = new Map<string, PegClient>();

  constructor(state: NetworkState) {
    this.state = state;
  }

  /**
   * Reads the description of a network from its state folder; connects to nothing yet.
   *
   * @throws NetworkError NETWORK_NOT_UP, STATE_UNREADABLE, TEST_NETWORK_DOWN, TEST_NETWORK_REPLACED
   */
  static read(stateDir: string): PeggedNetwork {
    const state = readNetwork(stateDir);
    requireAttachedNetwork(stateDir, state);
    return new PeggedNetwork(state);
  }

  /** Runs an action with a session, and closes its connections when the action ends or fails. */
  static async with<T>(stateDir: string, action: (network: PeggedNetwork) => Promise<T>): Promise<T> {
    const network = PeggedNetwork.read(stateDir);
    try {
      return await action(network);
    } finally {
      network.close();
    }
  }

  close(): void {
    for (const { connection } of this.#clients.values()) connection.close();
    this.#clients.clear();
  }

  /** @throws CommandError CHAIN_UNKNOWN */
  chain(name: string): ChainState {
    const chain = this.state.chains.find((candidate) => candidate.name === name);
    if (chain !== undefined) return chain;
    throw new CommandError('CHAIN_UNKNOWN', `no chain "${name}"`, `Name one of ${namesOf(this.state.chains)}.`);
  }

  /** An organization by its MSP id or its name. @throws CommandError ORGANIZATION_UNKNOWN */
  organization(name: string): OrganizationState {
    const { organizations } = this.state;
    const found = organizations.find((candidate) => [candidate.mspId, candidate.name].includes(name));
    if (found !== undefined) return found;
    const known = organizations.map((candidate) => `${candidate.name} (${candidate.mspId})`).join(', ');
    throw new CommandError('ORGANIZATION_UNKNOWN', `no organization "${name.slice(0, 200)}"`, `Name one of ${known}.`);
  }

  /**
   * Finds a chain by its chain id. An organization may see only some of the consortium's chains, so the result is
   * undefined for a chain that this network does not know.
   */
  findChain(chainId: string): ChainState | undefined {
    return this.state.chains.find((chain) => chain.chainId === chainId);
  }

  /** The name of a chain, or the chain id itself when this network does not know the chain. */
  nameOf(chainId: string): string {
    return this.findChain(chainId)?.name ?? chainId;
  }

  /** @throws CommandError LANE_UNKNOWN */
  lane(id: string): LaneState {
    const lane = this.state.peg.lanes.find((candidate) => candidate.id === id);
    if (lane !== undefined) return lane;
    throw new CommandError('LANE_UNKNOWN', `no lane "${id}"`, `${oneOf(this.state.peg.lanes)}.`);
  }

  /** The lane between the same chains in the other direction. @throws CommandError LANE_UNKNOWN */
  returnLane({ id, source, destination }: LaneState): LaneState {
    const back = this.state.peg.lanes.find((lane) => lane.source === destination && lane.destination === source);
    if (back === undefined)
      throw new CommandError('LANE_UNKNOWN', `lane ${id} has no way back`, 'Correct the topology.');
    return back;
  }

  /** The asset with this id; without an id, the network's only asset. @throws CommandError ASSET_UNKNOWN */
  asset(id: string | undefined): NetworkState['peg']['assets'][number] {
    const { assets } = this.state.peg;
    const asset = assets.find((candidate) => candidate.id === id) ?? (id === undefined ? onlyOf(assets) : undefined);
    if (asset !== undefined) return asset;
    throw new CommandError('ASSET_UNKNOWN', `no asset "${id ?? ''}"`, `${oneOf(assets, ' with --asset')}.`);
  }

  /** The certificates of an organization's certificate authorities, in PEM. */
  authoritiesOf(mspId: string): readonly string[] {
    const files = this.state.organizations.filter((organization) => organization.mspId === mspId);
    return files.map(({ caCertFile }) => canonicalPem(readFileSync(caCertFile, 'utf8')));
  }

  /** The home chain of an asset, which its id names before the slash. @throws CommandError CHAIN_UNKNOWN */
  homeOf(asset: string): ChainState {
    const channel = asset.slice(0, asset.indexOf('/'));
    const chain = this.state.chains.find((candidate) => candidate.channel === channel);
    if (chain !== undefined) return chain;
    throw new CommandError('CHAIN_UNKNOWN', `asset ${asset} is at home on no chain here`, 'Correct the topology.');
  }

  /**
   * Finds a user by `MSP/User1`, by `MSP/User1@domain`, or by `MSP/label` for an imported identity. The MSP id alone
   * means the organization's operator, or its first imported identity if it has no operator.
   *
   * @throws CommandError ACCOUNT_UNKNOWN
   */
  holder(text: string): Holder {
    const holder = this.findHolder(text);
    if (holder !== undefined) return holder;
    const { organizations } = this.state;
    const organization = organizations.find(({ mspId }) => mspId === text.split('/', 1)[0]);
    const users = (organization?.users ?? []).map(({ name }) => `${organization?.mspId ?? ''}/${name}`).join(', ');
    const msps = organizations.map(({ mspId }) => mspId).join(', ');
    const known = organization === undefined ? `organizations: ${msps}` : `keys here: ${users}`;
    throw new CommandError(
      'ACCOUNT_UNKNOWN',
      `no keys of "${text.slice(0, 200)}" here (${known})`,
      'Name one of those.',
    );
  }

  /** Finds a user as `holder` does; undefined if there is no such user. */
  findHolder(text: string): Holder | undefined {
    const [mspId = '', name = ''] = text.split('/', 2);
    const organization = this.state.organizations.find((candidate) => candidate.mspId === mspId);
    const users = organization?.users ?? [];
    const fullName = (short: string): string =>
      short.includes('@') ? short : `${short}@${organization?.domain ?? ''}`;
    const user =
      name === ''
        ? (users.find(({ role }) => role === 'operator') ?? users[0])
        : users.find((candidate) => fullName(candidate.name) === fullName(name));
    if (organization === undefined || user === undefined) return undefined;
    const { facts } = readIdentityCertificate(readFileSync(user.certFile, 'utf8'), `${mspId}/${user.name}`);
    return { organization, user, account: accountIn(mspId, facts, `${mspId}/${user.name}`) };
  }

  /**
   * The administrator of an organization: its user Admin, or an imported identity whose certificate has that role.
   *
   * @throws CommandError ACCOUNT_UNKNOWN
   */
  administrator(mspId: string): Holder {
    const found = this.findHolder(`${mspId}/Admin`);
    if (found !== undefined) return found;
    const users = this.state.organizations.find((organization) => organization.mspId === mspId)?.users ?? [];
    const admin = users.find(({ certFile }) => roleOf(readCertificate(readFileSync(certFile, 'utf8'))) === 'admin');
    return this.holder(`${mspId}/${admin?.name ?? 'Admin'}`);
  }

  /** One user for each of these organizations, without those of which the state folder has no keys. */
  holdersOf(mspIds: readonly string[]): readonly Holder[] {
    return mspIds.flatMap((mspId) => this.findHolder(mspId) ?? []);
  }

  /** A user who can query a chain: one of its first member of which the state folder has keys. */
  reader({ members }: ChainState): Holder {
    const known = members.find((mspId) => this.findHolder(mspId) !== undefined);
    return this.holder(known ?? members[0] ?? '');
  }

  /**
   * An account that receives value, whose keys need not be here: a user as for `holder`, or any account in full.
   *
   * @throws CommandError ACCOUNT_UNKNOWN
   */
  recipient(text: string): Account {
    const holder = this.findHolder(text);
    if (holder === undefined && text.includes('@')) return parseByCodec(accountCodec, text, '--recipient');
    return (holder ?? this.holder(text)).account;
  }

  /**
   * The client of a chain's contracts for one user. The same arguments give the same connection each time.
   *
   * @param by - a name for the choice of peers, if the chain's description has been limited to some of them
   */
  client(chain: ChainState, holder: Holder, by = ''): PegClient {
    const key = [chain.name, holder.account, by].join(' ');
    const client = this.#clients.get(key) ?? new PegClient(ChainConnection.connect(connectionOptions(chain, holder)));
    this.#clients.set(key, client);
    return client;
  }
}

/** The options of a connection to a chain for one user, with certificates and keys read from the state folder. */
export function connectionOptions(
  chain: ChainState,
  holder: Holder,
  reached: 'endpoint' | 'nodeEndpoint' = 'endpoint',
): ConnectionOptions {
  return chainConnectionOptions(chain, userIdentity(holder.organization.mspId, holder.user), reached);
}

/** A label as text: its lanes in order, or where the value is at home. */
export function shownPath({ home, path }: { readonly home: ChainId; readonly path: readonly string[] }): string {
  return path.length === 0 ? `at home on ${channelOf(home)}` : path.join(' > ');
}

function namesOf(chains: readonly ChainState[]): string {
  return chains.map(({ name }) => name).join(', ');
}

/** The advice for a name that is not known. An imported network may not know any name yet. */
function oneOf(known: ReadonlyArray<{ readonly id: string }>, how = ''): string {
  if (known.length > 0) return `Name one of ${known.map(({ id }) => id).join(', ')}${how}`;
  return 'None is known here yet: once a configuration is in force, `gridpeg profile refresh` reads it';
}

function onlyOf<T>(values: readonly T[]): T | undefined {
  return values.length === 1 ? values[0] : undefined;
}
