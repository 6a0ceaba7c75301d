// SPDX-License-Identifier: Apache-2.0

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { z } from 'zod';

import { NetworkError } from '../runtime/network-error';
import { topologySchema } from '../topology/topology';
import { importedUsers } from './imported-identities';
import { planFileName } from './state-folder';

const peer = z.strictObject({
  /** MSP id */
  organization: z.string(),
  name: z.string(),
  /** The host and port for users of this machine. */
  endpoint: z.string(),
  /** The host and port by which other nodes reach it. */
  nodeEndpoint: z.string(),
  /** The name in its TLS certificate. */
  hostAlias: z.string(),
  tlsCaCertFile: z.string(),
});

const chaincode = z.strictObject({
  name: z.string(),
  version: z.string(),
  packageId: z.string(),
  /** A policy in Fabric's signature policy language. */
  endorsement: z.string(),
});

const chain = z.strictObject({
  name: z.string(),
  channel: z.string(),
  /** The channel name, dash, 64 hex digits: see `chainId`. */
  chainId: z.string(),
  /** MSP ids */
  members: z.array(z.string()).readonly(),
  /** MSP id of the ordering service */
  ordererOrganization: z.string(),
  orderers: z.array(peer).readonly(),
  /** The chain's own chaincode. */
  chaincode,
  /** What `deployChaincode` added. */
  additionalChaincodes: z.array(chaincode).readonly(),
  peers: z.array(peer).readonly(),
  genesisBlockFile: z.string(),
});

const organization = z.strictObject({
  mspId: z.string(),
  name: z.string(),
  domain: z.string(),
  /** The root certificate of the MSP. */
  caCertFile: z.string(),
  tlsCaCertFile: z.string(),
  users: z
    .array(
      z.strictObject({
        /** Admin, User1, User2 */
        name: z.string(),
        role: z.enum(['administrator', 'operator', 'notary', 'client']),
        certFile: z.string(),
        keyFile: z.string(),
        mspDir: z.string(),
      }),
    )
    .readonly(),
  connectionProfile: z.strictObject({ json: z.string(), yaml: z.string() }),
});

/** The shape of `network.json`. */
const networkStateSchema = z.strictObject({
  format: z.literal(1),
  topology: z.string(),
  chains: z.array(chain).readonly(),
  organizations: z.array(organization).readonly(),
  // Ledgers may say what no topology does; one that was imported before its first configuration has no committee yet.
  peg: topologySchema.shape.peg.extend({
    governance: z.strictObject({ delay: z.string(), urgentDelay: z.string() }),
    committee: z.strictObject({ threshold: z.int(), notaries: z.array(z.string()).max(32).readonly() }),
  }),
});

/** A network that is up, as its users need to know it. All paths are absolute. */
export type NetworkState = z.output<typeof networkStateSchema>;

/** Where the description of a network that is up lies. */
export function networkStateFile(stateDir: string): string {
  return join(resolve(stateDir), 'network.json');
}

/**
 * Reads the description of a network that was brought up.
 *
 * It says what was built, and which identities were imported since, but not what runs now: `networkStatus` does that.
 *
 * @throws NetworkError NETWORK_NOT_UP, STATE_UNREADABLE, STATE_VERSION
 */
export function readNetwork(stateDir: string): NetworkState {
  const file = networkStateFile(stateDir);
  if (!existsSync(file)) {
    throw new NetworkError('NETWORK_NOT_UP', `there is no complete network in ${stateDir}`, 'Run "gridpeg up" first.');
  }
  const isOwn = existsSync(join(resolve(stateDir), planFileName));
  const state = parseState(networkStateSchema, file, isOwn ? derivable : importable);
  const organizations = state.organizations.map((organization) => ({
    ...organization,
    users: [...organization.users, ...importedUsers(stateDir, organization.mspId)],
  }));
  return { ...state, organizations };
}

/**
 * Reads a file that this package wrote.
 *
 * @throws NetworkError STATE_UNREADABLE if it is damaged, STATE_VERSION if another version wrote it
 */
export function parseState<Schema extends z.ZodType>(
  schema: Schema,
  file: string,
  remedy = derivable,
): z.output<Schema> {
  const parsed = schema.safeParse(jsonIn(file, remedy));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new NetworkError(
    'STATE_VERSION',
    `another version of gridpeg wrote ${file} (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`,
    'Use that version for this network, whose chaincode is of it too; ' +
      'for a new network name another folder with --state.',
  );
}

const derivable = 'Run "gridpeg up", which puts it back or writes it again, and loses nothing.';
/** Nobody here runs a network that was imported, so its ledgers are asked again. */
const importable =
  'Run "gridpeg profile import" as before: it writes it again, and leaves keys and histories as they are.';

function jsonIn(file: string, remedy: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new NetworkError('STATE_UNREADABLE', `${file} is damaged`, remedy);
  }
}
