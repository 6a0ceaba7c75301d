// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: everything that is read of a folder that others made, checks included, is in one place.

import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { z } from 'zod';

import { chainId } from '../fabric/chain-id';
import { packageIdOf } from '../fabric/chaincode-package';
import { checkNesting } from '../runtime/check-nesting';
import { NetworkError } from '../runtime/network-error';
import { genesisFile, ordererOrganizationDir, peerOrganizationDir, userMspDir } from '../render/layout';
import { endorsementPolicy } from '../topology/endorsement-policy';
import type { Chain, Organization, Topology } from '../topology/topology';
import { connectionProfileFiles } from '../state/network-files';
import type { NetworkState } from '../state/network-state';

type ChainState = NetworkState['chains'][number];
type OrganizationState = NetworkState['organizations'][number];

/** How many missing files a message names. */
const named = 3;
/** The samples' one ordering service; clients reach it through their peers. */
const ordererNode = {
  mspId: 'OrdererMSP',
  domain: 'example.com',
  name: 'orderer.example.com',
  endpoint: 'localhost:7050',
};

const profileSchema = z.object({
  peers: z.record(z.string(), z.object({ url: z.string().regex(/^grpcs:\/\/[^/:]+:\d+$/) })),
  /** Which peers serve which channel; all of them serve all where it says nothing. */
  channels: z.record(z.string(), z.object({ peers: z.record(z.string(), z.unknown()) })).optional(),
});

/**
 * Describes a network by the files that the samples' `network.sh` makes, with cryptogen or with Fabric CA.
 *
 * @param folder - absolute path of the samples' `test-network`
 * @param topology - its organizations, chains and peg
 * @throws NetworkError TEST_NETWORK_INCOMPLETE if the folder is none, or with the first things that are missing;
 *   TEST_NETWORK_DOWN if there is nothing but what the samples come with
 */
export function describeTestNetwork(folder: string, topology: Topology): NetworkState {
  if (!existsSync(join(folder, 'network.sh'))) {
    throw new NetworkError(
      'TEST_NETWORK_INCOMPLETE',
      `${folder} is no test-network: it has no network.sh`,
      "Name the folder test-network of Fabric's samples.",
    );
  }
  requireThere(folder);
  const files = new TestNetworkFiles(folder, topology);
  const network = files.describe();
  if (files.missing.length === 0) return network;
  throw new NetworkError(
    'TEST_NETWORK_INCOMPLETE',
    `${folder} lacks ${shortened(files.missing)}`,
    'Run `gridpeg test-network deploy` on it, which makes what is missing.',
  );
}

/** @throws NetworkError TEST_NETWORK_DOWN if the network of that folder was taken down: its keys go with it */
export function requireThere(folder: string): void {
  if (existsSync(join(folder, 'organizations', 'peerOrganizations'))) return;
  throw new NetworkError(
    'TEST_NETWORK_DOWN',
    `there is no test-network in ${folder} (any more): network.sh has made no keys, or removed them with it`,
    'Run `gridpeg test-network deploy` on it, or remove what is left of the old one with `gridpeg down`.',
  );
}

/** What is missing is missing for one reason, so a few examples show which. */
function shortened(missing: readonly string[]): string {
  const more = missing.length - named;
  return [...missing.slice(0, named), ...(more > 0 ? [`and ${String(more)} more`] : [])].join('; ');
}

class TestNetworkFiles {
  readonly #folder: string;
  readonly #topology: Topology;
  readonly missing: string[] = [];

  constructor(folder: string, topology: Topology) {
    this.#folder = folder;
    this.#topology = topology;
  }

  describe(): NetworkState {
    const { name, chains, organizations, peg } = this.#topology;
    return {
      format: 1,
      topology: name,
      organizations: organizations.map((organization) => this.#organization(organization)),
      chains: chains.map((chain) => this.#chain(chain)),
      peg,
    };
  }

  #organization(organization: Organization): OrganizationState {
    const { mspId, name, domain } = organization;
    const folder = peerOrganizationDir(this.#folder, domain);
    const users = [{ name: 'Admin', role: 'administrator' as const }, ...organization.users];
    return {
      ...{ mspId, name, domain },
      caCertFile: this.#onlyFile(join(folder, 'msp', 'cacerts'), `the CA certificate of ${mspId}`),
      tlsCaCertFile: this.#tlsCa(folder, domain),
      users: users.map((user) => {
        const mspDir = userMspDir(this.#folder, domain, user.name);
        const certFile = this.#onlyFile(join(mspDir, 'signcerts'), `the certificate of ${user.name} of ${mspId}`);
        return { ...user, certFile, keyFile: this.#keyFile(join(mspDir, 'keystore'), certFile), mspDir };
      }),
      connectionProfile: connectionProfileFiles(this.#folder, organization),
    };
  }

  #chain(chain: Chain): ChainState {
    const { channel, members, chaincode } = chain;
    const genesisBlockFile = this.#file(genesisFile(this.#folder, channel), `channel "${channel}"`);
    const organizations = this.#topology.organizations.filter(({ mspId }) => members.includes(mspId));
    const { mspId, domain, name, endpoint } = ordererNode;
    return {
      ...{ name: chain.name, channel, members, genesisBlockFile },
      chainId: existsSync(genesisBlockFile) ? chainId(channel, readFileSync(genesisBlockFile)) : '',
      ordererOrganization: mspId,
      orderers: [
        {
          ...{ organization: mspId, name, endpoint, nodeEndpoint: endpoint, hostAlias: name },
          tlsCaCertFile: this.#tlsCa(ordererOrganizationDir(this.#folder, domain), domain),
        },
      ],
      chaincode: {
        name: chaincode.name,
        endorsement: endorsementPolicy(chaincode.endorsement, members),
        ...this.#package(chaincode.name),
      },
      additionalChaincodes: [],
      peers: organizations.flatMap((organization) => this.#peers(organization, channel)),
    };
  }

  #peers(organization: Organization, channel: string): ChainState['peers'] {
    const { mspId, domain } = organization;
    const file = this.#file(
      connectionProfileFiles(this.#folder, organization).json,
      `the connection profile of ${mspId}`,
    );
    const profile = existsSync(file) ? profileSchema.safeParse(parseJson(file)) : undefined;
    // A wrong file is reported before a missing one.
    if (profile?.success === false) this.missing.unshift(`a connection profile with peers in ${file}`);
    const { peers = {}, channels } = profile?.data ?? {};
    const serving = channels?.[channel]?.peers;
    return Object.entries(peers)
      .filter(([name]) => serving === undefined || name in serving)
      .map(([name, { url }]) => {
        const endpoint = url.replace('grpcs://', '');
        const tlsCaCertFile = this.#tlsCa(peerOrganizationDir(this.#folder, domain), domain);
        return { organization: mspId, name, endpoint, nodeEndpoint: endpoint, hostAlias: name, tlsCaCertFile };
      });
  }

  /** The package that `deployCCAAS` made. Its label ends in the version. */
  #package(name: string): { readonly version: string; readonly packageId: string } {
    const file = this.#file(join(this.#folder, `${name}.tar.gz`), `chaincode "${name}"`);
    if (!existsSync(file)) return { version: '', packageId: '' };
    const content = readFileSync(file);
    const label = /"label":\s*"([^"]+)"/.exec(gunzipSync(content).toString('latin1'))?.[1] ?? '';
    return { version: label.slice(name.length + 1), packageId: packageIdOf(label, content) };
  }

  #tlsCa(organizationDir: string, domain: string): string {
    return this.#file(join(organizationDir, 'tlsca', `tlsca.${domain}-cert.pem`), `the TLS CA of ${domain}`);
  }

  /** Cryptogen and Fabric CA name the one file of these folders differently. */
  #onlyFile(folder: string, what: string): string {
    const [name = ''] = existsSync(folder) ? readdirSync(folder).sort() : [];
    return this.#file(join(folder, name), what);
  }

  /** Fabric CA keeps the keys of earlier enrolments, so the right one is that of the certificate. */
  #keyFile(folder: string, certFile: string): string {
    const wanted = existsSync(certFile) ? publicKeyOf(certFile) : undefined;
    const names = existsSync(folder) ? readdirSync(folder).sort() : [];
    const found = names
      .map((name) => join(folder, name))
      .find((file) => wanted !== undefined && keyOf(file) === wanted);
    return found ?? this.#file(join(folder, '*_sk'), `the key of ${certFile}`);
  }

  #file(path: string, what: string): string {
    const problem = `${what} (${path})`;
    if (!existsSync(path) && !this.missing.includes(problem)) this.missing.push(problem);
    return path;
  }
}

function publicKeyOf(certFile: string): string | undefined {
  try {
    return new X509Certificate(readFileSync(certFile)).publicKey
      .export({ type: 'spki', format: 'der' })
      .toString('hex');
  } catch {
    return undefined;
  }
}

function keyOf(file: string): string | undefined {
  try {
    const key = createPublicKey(createPrivateKey(readFileSync(file)));
    return key.export({ type: 'spki', format: 'der' }).toString('hex');
  } catch {
    return undefined;
  }
}

/** @throws NetworkError NESTING_TOO_DEEP */
function parseJson(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  checkNesting(text, file);
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
