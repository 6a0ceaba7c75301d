// SPDX-License-Identifier: Apache-2.0

import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { CommandError } from './command-error';
import { type ChainState, type PeggedNetwork } from './pegged-network';

type PeerState = ChainState['peers'][number];

const text = z.string().min(1).max(20_000);
const profileShape = z.looseObject({
  name: z.string().max(200).optional(),
  client: z.looseObject({ organization: z.string().optional() }).optional(),
  channels: z.record(z.string(), z.looseObject({ peers: z.record(z.string(), z.unknown()).default({}) })).default({}),
  organizations: z
    .record(z.string(), z.looseObject({ mspid: z.string(), peers: z.array(z.string()).optional() }))
    .default({}),
  peers: z
    .record(
      z.string(),
      z.looseObject({
        url: z.string().max(500),
        grpcOptions: z.looseObject({ 'ssl-target-name-override': z.string().optional() }).optional(),
        tlsCACerts: z.looseObject({ pem: text.optional(), path: text.optional() }).optional(),
      }),
    )
    .default({}),
});

type Profile = z.output<typeof profileShape>;
type ProfilePeer = Profile['peers'][string];

/** A peer, as a client needs to know it. */
export interface UsablePeer {
  readonly name: string;
  /** `host:port` */
  readonly endpoint: string;
  readonly hostAlias: string;
  /** PEM */
  readonly tlsCaCert: string;
}

/** One organization's part of a connection profile. */
export interface OrganizationProfile {
  readonly mspId: string;
  readonly name: string;
  readonly peers: readonly UsablePeer[];
  /** the whole profile */
  readonly document: object;
  /** the channels that the profile names, if it names any, with the organization's peers that serve them */
  readonly channels: ReadonlyArray<{ readonly name: string; readonly peers: readonly UsablePeer[] }>;
}

/**
 * Checks that a connection profile of an application is of this network: its organizations, and its peers with their addresses
 * and TLS authorities.
 *
 * @param file - JSON or YAML
 * @throws CommandError FILE_UNREADABLE, PROFILE_MALFORMED, PROFILE_WITHOUT_PEERS, PROFILE_PEER_UNKNOWN,
 * PROFILE_AUTHORITY_DIFFERS, ORGANIZATION_UNKNOWN
 */
export function checkProfile(network: PeggedNetwork, file: string): void {
  const { organizations, peers } = readProfile(file);
  for (const { mspid } of Object.values(organizations)) network.organization(mspid);
  const known = new Map(
    network.state.chains.flatMap((chain) => chain.peers.map((peer) => [byNumber(peer.endpoint), peer])),
  );
  for (const [name, peer] of Object.entries(peers)) checkPeer(name, peer, known, file);
}

function checkPeer(name: string, peer: ProfilePeer, known: ReadonlyMap<string, PeerState>, file: string): void {
  const address = addressOf(peer.url);
  const found = address === undefined ? undefined : known.get(address);
  if (found?.hostAlias !== name) {
    const remedy = "Take the profile from the organization's folder in the state folder: ports differ.";
    throw new CommandError('PROFILE_PEER_UNKNOWN', `no peer ${name} at ${peer.url} here, as ${file} says. ${remedy}`);
  }
  if (fingerprintOf(pemOf(peer)) !== fingerprintOf(readFileSync(found.tlsCaCertFile, 'utf8'))) {
    const remedy = "Take the profile from the organization's folder in the state folder.";
    throw new CommandError('PROFILE_AUTHORITY_DIFFERS', `${file} trusts another TLS authority for ${name}. ${remedy}`);
  }
}

/**
 * Reads what a connection profile says of one organization: the client's, or the only one there is.
 *
 * @throws CommandError FILE_UNREADABLE, PROFILE_MALFORMED, PROFILE_WITHOUT_PEERS
 */
export function readOrganizationProfile(file: string): OrganizationProfile {
  const document = readProfile(file);
  const { client, organizations, peers, channels } = document;
  const [name = '', another] = Object.keys(organizations);
  const own = client?.organization ?? (another === undefined ? name : '');
  const organization = organizations[own];
  if (organization === undefined) throw malformed(file, "does not say which organization is the client's");
  const named = Object.entries(peers).filter(([peer]) => organization.peers?.includes(peer) ?? true);
  const usable = named.map(([peer, found]) => usablePeer(peer, found, file));
  return {
    mspId: organization.mspid,
    name: own,
    document,
    peers: usable,
    channels: Object.entries(channels).map(([channel, { peers: members }]) => {
      const serving = Object.keys(members);
      return {
        name: channel,
        peers: serving.length === 0 ? usable : usable.filter((peer) => serving.includes(peer.name)),
      };
    }),
  };
}

function usablePeer(name: string, peer: ProfilePeer, file: string): UsablePeer {
  const [endpoint, tlsCaCert] = [addressOf(peer.url), pemOf(peer)];
  if (endpoint === undefined) throw malformed(file, `names no address grpcs://host:port of ${name}`);
  if (tlsCaCert === undefined || fingerprintOf(tlsCaCert) === undefined)
    throw malformed(file, `has no certificate of the TLS authority of ${name}`);
  return { name, endpoint, tlsCaCert, hostAlias: peer.grpcOptions?.['ssl-target-name-override'] ?? name };
}

/** @throws CommandError FILE_UNREADABLE, PROFILE_MALFORMED, PROFILE_WITHOUT_PEERS */
function readProfile(file: string): Profile {
  if (!existsSync(file)) throw new CommandError('FILE_UNREADABLE', `there is no file ${file}. Name the profile.`);
  const profile = profileShape.safeParse(parseText(readFileSync(file, 'utf8')));
  if (!profile.success) throw malformed(file, 'is no connection profile in JSON or YAML');
  if (Object.keys(profile.data.peers).length === 0) {
    throw new CommandError('PROFILE_WITHOUT_PEERS', `${file} names no peers. Name an organization's profile.`);
  }
  return profile.data;
}

function malformed(file: string, why: string): CommandError {
  const remedy = 'Name the file that the application gives to Gateway.connect.';
  return new CommandError('PROFILE_MALFORMED', `${file} ${why}. ${remedy}`);
}

/** JSON is YAML. */
function parseText(content: string): unknown {
  try {
    return parse(content);
  } catch {
    return undefined;
  }
}

/** Host and port of `grpcs://localhost:7051`. */
function addressOf(url: string): string | undefined {
  const address = /^grpcs:\/\/([^/:]+:\d+)\/?$/.exec(url)?.[1];
  return address === undefined ? undefined : byNumber(address);
}

/** This machine by its number, as most profiles and states name it. */
function byNumber(address: string): string {
  return address.replace(/^localhost:/, '127.0.0.1:');
}

function pemOf({ tlsCACerts: { pem, path } = {} }: ProfilePeer): string | undefined {
  if (pem !== undefined || path === undefined) return pem;
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function fingerprintOf(pem: string | undefined): string | undefined {
  try {
    return pem === undefined ? undefined : new X509Certificate(pem).fingerprint256;
  } catch {
    return undefined;
  }
}
