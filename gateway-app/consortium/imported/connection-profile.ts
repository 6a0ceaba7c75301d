// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: the schema of profiles, and the checks that it cannot express.

import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { CommandError } from '../../errors/command-error';
import { type ChainState, type PeggedNetwork } from '../consortium';
import { readDocument } from '../../input/read-document';
import { readText } from '../../input/read-text';

type PeerState = ChainState['peers'][number];

const text = z.string().min(1).max(20_000);
const profileCodec = z.looseObject({
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

type Profile = z.output<typeof profileCodec>;
type ProfilePeer = Profile['peers'][string];

/** A peer with everything that a client needs to connect to it. */
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
  /** The whole profile. */
  readonly document: object;
  /** The channels that the profile names, if it names any, with the organization's peers that serve them. */
  readonly channels: ReadonlyArray<{ readonly name: string; readonly peers: readonly UsablePeer[] }>;
}

/**
 * Checks that the connection profile of an application describes this network: its organization, and its peers with
 * their addresses and TLS authorities. Whatever {@link readOrganizationProfile} refuses is refused here too.
 *
 * @param file - JSON or YAML
 * @throws CommandError as `readOrganizationProfile`, and PROFILE_PEER_UNKNOWN, PROFILE_AUTHORITY_DIFFERS,
 *   ORGANIZATION_UNKNOWN
 */
export function checkProfile(network: PeggedNetwork, file: string): void {
  const { mspId, peers } = readOrganizationProfile(file);
  network.organization(mspId);
  const known = new Map(
    network.state.chains.flatMap((chain) => chain.peers.map((peer) => [byNumber(peer.endpoint), peer])),
  );
  for (const peer of peers) checkPeer(peer, known.get(peer.endpoint), file);
}

function checkPeer(
  { name, endpoint, hostAlias, tlsCaCert }: UsablePeer,
  known: PeerState | undefined,
  file: string,
): void {
  if (known?.hostAlias !== hostAlias) {
    const remedy = "Take the profile from the organization's folder in the state folder: ports differ.";
    throw new CommandError('PROFILE_PEER_UNKNOWN', `no peer ${name} at ${endpoint} here, as ${file} says`, remedy);
  }
  if (fingerprintOf(tlsCaCert) !== fingerprintOf(readFileSync(known.tlsCaCertFile, 'utf8'))) {
    throw authorityDiffers(name, file);
  }
}

/** The error for a peer that shows a certificate of another TLS authority than the profile names. */
export function authorityDiffers(peer: string, file: string): CommandError {
  const remedy = 'Take the profile from whoever runs the network: theirs names the authority.';
  return new CommandError(
    'PROFILE_AUTHORITY_DIFFERS',
    `${file} trusts another TLS authority or host name for ${peer}`,
    remedy,
  );
}

/**
 * Reads the part of a connection profile about one organization: that of its client, or its only organization.
 *
 * @throws CommandError FILE_UNREADABLE, TEXT_ENCODING_UNSUPPORTED, PROFILE_MALFORMED, PROFILE_NAME_INVALID,
 *   PROFILE_WITHOUT_PEERS
 */
export function readOrganizationProfile(file: string): OrganizationProfile {
  const document = readProfile(file);
  const { client, organizations, peers, channels } = document;
  const [name = '', another] = Object.keys(organizations);
  const own = client?.organization ?? (another === undefined ? name : '');
  const organization = new Map(Object.entries(organizations)).get(own);
  if (organization === undefined) throw malformed(file, "does not say which organization is the client's");
  for (const written of [organization.mspid, own, ...Object.keys(channels)]) requireName(written, file);
  const named = Object.entries(peers).filter(([peer]) => organization.peers?.includes(peer) ?? true);
  if (named.length === 0) throw withoutPeers(file, `names no peer of ${own} with its address`);
  const usable = named.map(([peer, found]) => usablePeer(peer, found, file));
  return {
    mspId: organization.mspid,
    name: own,
    document,
    peers: usable,
    channels: Object.entries(channels).map(([channel, { peers: members }]) => {
      const serving = Object.keys(members);
      const found = serving.length === 0 ? usable : usable.filter((peer) => serving.includes(peer.name));
      if (found.length === 0) throw withoutPeers(file, `names no peer of ${own} that serves ${channel}`);
      return { name: channel, peers: found };
    }),
  };
}

function usablePeer(name: string, peer: ProfilePeer, file: string): UsablePeer {
  const hostAlias = peer.grpcOptions?.['ssl-target-name-override'] ?? name;
  for (const written of [name, hostAlias]) requireName(written, file);
  const [endpoint, tlsCaCert] = [addressOf(peer.url), pemOf(peer, file)];
  if (endpoint === undefined) throw malformed(file, `names no address grpcs://host:port of ${name}`);
  if (tlsCaCert === undefined || fingerprintOf(tlsCaCert) === undefined)
    throw malformed(file, `has no certificate of the TLS authority of ${name}`);
  return { name, endpoint, tlsCaCert, hostAlias };
}

/**
 * What becomes the name of a file or a folder must not lead elsewhere (T50). @throws CommandError
 * PROFILE_NAME_INVALID
 */
function requireName(name: string, file: string): void {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name)) return;
  const shown = JSON.stringify(name.slice(0, 60));
  const allowed = 'Names are of letters, digits, dots, dashes and underscores, and begin with a letter or a digit.';
  throw new CommandError('PROFILE_NAME_INVALID', `${file} has the name ${shown}`, allowed);
}

/** @throws CommandError FILE_UNREADABLE, TEXT_ENCODING_UNSUPPORTED, PROFILE_MALFORMED, PROFILE_WITHOUT_PEERS */
function readProfile(file: string): Profile {
  const content = readDocument(file);
  const profile = profileCodec.safeParse(parseText(content));
  if (!profile.success) throw malformed(file, 'is no connection profile in JSON or YAML');
  if (Object.keys(profile.data.peers).length === 0) throw withoutPeers(file, 'names no peers');
  return profile.data;
}

function withoutPeers(file: string, why: string): CommandError {
  return new CommandError('PROFILE_WITHOUT_PEERS', `${file} ${why}`, "Name an organization's profile.");
}

function malformed(file: string, why: string): CommandError {
  const remedy = 'Name the file that the application gives to Gateway.connect.';
  return new CommandError('PROFILE_MALFORMED', `${file} ${why}`, remedy);
}

/**
 * Parses JSON and YAML, since JSON is a part of YAML. A YAML text that JSON cannot express, for example one that
 * contains itself, is refused.
 */
function parseText(content: string): unknown {
  try {
    return JSON.parse(JSON.stringify(parse(content)));
  } catch {
    return undefined;
  }
}

/** The host and port of `grpcs://localhost:7051`. */
function addressOf(url: string): string | undefined {
  const address = /^grpcs:\/\/([^/:]+:\d+)\/?$/.exec(url)?.[1];
  return address === undefined ? undefined : byNumber(address);
}

/** Replaces `localhost` by the number that most profiles and state folders have. */
function byNumber(address: string): string {
  return address.replace(/^localhost:/, '127.0.0.1:');
}

/** The TLS authority's certificate. A path is relative to the profile, or to the current folder. */
function pemOf({ tlsCACerts: { pem, path } = {} }: ProfilePeer, file: string): string | undefined {
  if (pem !== undefined || path === undefined) return pem;
  const found = [resolve(dirname(file), path), resolve(path)].find((candidate) => existsSync(candidate));
  if (found === undefined)
    throw malformed(file, `names a TLS authority in ${JSON.stringify(path.slice(0, 200))}, where there is no file`);
  return readText(found);
}

function fingerprintOf(pem: string | undefined): string | undefined {
  try {
    return pem === undefined ? undefined : new X509Certificate(pem).fingerprint256;
  } catch {
    return undefined;
  }
}
