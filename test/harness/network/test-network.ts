// SPDX-License-Identifier: Apache-2.0

import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ChainConnection,
  chainConnectionOptions,
  PegClient,
  userIdentity,
  type ClientIdentity,
  type ConnectionOptions,
} from '@gridpeg/gateway-app';
import { readNetwork, type NetworkState } from '@gridpeg/network';
import {
  accountCodec,
  assetIdCodec,
  laneIdCodec,
  mspIdCodec,
  type Account,
  type Configuration,
  type Lane,
  type MspId,
  type Note,
  type TrustRecord,
} from '@gridpeg/protocol';
import { waitUntil } from '../wait-until';

export type ChainName = 'city' | 'microgrid' | 'charging';

/** The asset of the default consortium, issued by GridMSP on the city chain; watt-hours. */
export const energy = assetIdCodec.decode('city/energy', 'asset');

export const organizations = ['GridMSP', 'MicrogridMSP', 'ChargingMSP', 'RegulatorMSP'] as const;
export type OrganizationName = (typeof organizations)[number];

/** A network that is up, as its users reach it: by public client, with identities from its state folder. */
export class TestNetwork {
  readonly stateDir: string;
  readonly state: NetworkState;
  readonly #clients = new Map<string, PegClient>();
  readonly #configurations = new Map<string, Promise<Configuration>>();

  constructor(stateDir: string) {
    this.stateDir = stateDir;
    this.state = readNetwork(stateDir);
  }

  /** Closes all connections; a test file that forgets it never ends. */
  close(): void {
    for (const { connection } of this.#clients.values()) connection.close();
    this.#clients.clear();
  }

  /** The same client for the same arguments, until `close`. */
  client(chain: ChainName, organization: OrganizationName, user = 'User1', chaincode: string = chain): PegClient {
    const key = [chain, organization, user, chaincode].join(' ');
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const client = new PegClient(ChainConnection.connect(this.connectionOptions(chain, organization, user, chaincode)));
    this.#clients.set(key, client);
    return client;
  }

  connectionOptions(
    chain: ChainName,
    organization: OrganizationName,
    user = 'User1',
    chaincode: string = chain,
  ): ConnectionOptions {
    const options = chainConnectionOptions(this.chain(chain), this.identity(organization, user));
    return { ...options, chaincodeName: chaincode };
  }

  identity(organization: OrganizationName, user = 'User1'): ClientIdentity {
    const found = this.organization(organization).users.find(({ name }) => name === user);
    if (found === undefined) throw new Error(`${organization} has no ${user}`);
    return userIdentity(organization, found);
  }

  account(organization: OrganizationName, user = 'User1'): Account {
    return accountCodec.decode(`${organization}/${user}@${this.organization(organization).domain}`, 'account');
  }

  chain(name: string): NetworkState['chains'][number] {
    const chain = this.state.chains.find((candidate) => candidate.name === name);
    if (chain === undefined) throw new Error(`no chain ${name}`);
    return chain;
  }

  organization(name: string): NetworkState['organizations'][number] {
    const organization = this.state.organizations.find(({ mspId }) => mspId === name);
    if (organization === undefined) throw new Error(`no organization ${name}`);
    return organization;
  }

  /** A notary's signing key, as its organization keeps it. */
  notaryKey(organization: OrganizationName): KeyObject {
    return createPrivateKey(readFileSync(join(this.stateDir, 'notaries', organization, 'signing-key.pem')));
  }

  /** The configuration in force, read once. */
  configuration(chain: ChainName): Promise<Configuration> {
    const known = this.#configurations.get(chain);
    if (known !== undefined) return known;
    const read = this.client(chain, 'ChargingMSP').getConfiguration();
    this.#configurations.set(chain, read);
    return read;
  }

  /** A lane with the names of its ends. */
  async lane(id: string): Promise<Lane & { readonly source: ChainName; readonly destination: ChainName }> {
    const { source, destination } = this.laneEnds(id);
    const lane = (await this.configuration(source)).lanes.find((candidate) => candidate.id === id);
    if (lane === undefined) throw new Error(`no lane ${id} on ${source}`);
    return { ...lane, source, destination };
  }

  /** What a destination holds about a source. */
  async trust(of: ChainName, on: ChainName): Promise<TrustRecord> {
    const { chainId } = this.chain(of);
    const record = (await this.configuration(on)).chains.find((candidate) => candidate.chainId === chainId);
    if (record === undefined) throw new Error(`${on} has no trust record of ${of}`);
    return record;
  }

  /** Lets the utility issue energy on the city chain. @returns one note a quantity */
  async issue(owner: Account, ...quantities: readonly bigint[]): Promise<readonly Note[]> {
    const outputs = quantities.map((quantity) => ({ recipient: owner, quantity, memo: '' }));
    const { answer } = await this.everywhere('city', this.client('city', 'GridMSP').issue({ asset: energy, outputs }));
    return this.notesOf('city', owner, answer.noteIds);
  }

  /** Unspent notes of an owner, all or those of the ids given in that order. */
  async notesOf(chain: ChainName, owner: Account, ids?: readonly string[]): Promise<readonly Note[]> {
    const notes = await this.client(chain, 'ChargingMSP').notes(owner);
    if (ids === undefined) return notes;
    return ids.map((id) => {
      const note = notes.find((candidate) => candidate.id === id);
      if (note === undefined) throw new Error(`${owner} has no unspent note ${id} on ${chain}`);
      return note;
    });
  }

  /** Waits for a commit, and then until the peers of all members have it: until then one may endorse an older state. */
  async everywhere<T extends { readonly blockNumber: bigint | undefined }>(
    chain: ChainName,
    commit: Promise<T>,
  ): Promise<T> {
    const done = await commit;
    const { blockNumber } = done;
    if (blockNumber === undefined) return done;
    const members = organizations.filter((name) => this.chain(chain).members.includes(name));
    await Promise.all(
      members.map((member) =>
        waitUntil(`the peer of ${member} on ${chain} has block ${blockNumber}`, async () => {
          return (await this.client(chain, member).connection.height()) > blockNumber;
        }),
      ),
    );
    return done;
  }

  /** Number of blocks; where nothing was written it stays. */
  height(chain: ChainName): Promise<bigint> {
    return this.client(chain, 'ChargingMSP').connection.height();
  }

  laneEnds(id: string): { readonly source: ChainName; readonly destination: ChainName } {
    const lane = this.state.peg.lanes.find((candidate) => candidate.id === id);
    if (lane === undefined) throw new Error(`no lane ${id}`);
    return { source: chainName(lane.source), destination: chainName(lane.destination) };
  }
}

/** An account that exists for one test only: a recipient needs no certificate. */
export function freshAccount(organization: OrganizationName, name: string): Account {
  freshAccounts += 1;
  return accountCodec.decode(`${organization}/${name}-${Date.now().toString(36)}-${freshAccounts}`, 'account');
}
let freshAccounts = 0;

export function laneId(id: string): Lane['id'] {
  return laneIdCodec.decode(id, 'lane');
}

export function mspId(name: OrganizationName): MspId {
  return mspIdCodec.decode(name, 'organization');
}

export function sumOf(notes: readonly { readonly quantity: bigint }[]): bigint {
  return notes.reduce((total, { quantity }) => total + quantity, 0n);
}

function chainName(name: string): ChainName {
  if (name === 'city' || name === 'microgrid' || name === 'charging') return name;
  throw new Error(`these tests know no chain ${name}`);
}
