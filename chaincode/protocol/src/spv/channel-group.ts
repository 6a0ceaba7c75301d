// SPDX-License-Identifier: Apache-2.0

import { encodePem, isCaCertificate, readCertificate, readRevocationList, type RevocationList } from '../x509';
import { readEnvelope, readHeader, readPayload, readWholeChannelHeader } from './fabric-block';
import {
  readConfig,
  readConfigEnvelope,
  readConfigGroup,
  readConfigValue,
  readFabricMspConfig,
  readMapEntry,
  readMspConfig,
  readNodeOus,
  readUnitIdentifier,
} from './fabric-configuration';

/** HeaderType CONFIG (fabric-protos common/common.proto). */
const configTransaction = 1;
/** ProviderType FABRIC (fabric msp/msp.go): X.509, the only kind that signs as a peer or orderer. */
const fabricProvider = 0;

/** Authorities of one organization, and its revocation lists. Each list is tried with each authority. */
const maximumLists = 32;

/** One group of a channel's configuration, such as the ordering organizations. */
export interface ChannelGroup {
  /** Bytes of the groups in it. */
  readonly groups: ReadonlyMap<string, Buffer>;
  readonly values: ReadonlyMap<string, Buffer>;
}

/** What a configuration transaction holds. */
export interface ConfigurationTransaction {
  readonly channel: string;
  readonly sequence: bigint;
  readonly group: ChannelGroup;
}

/**
 * Reads the envelope of a configuration transaction.
 *
 * @returns undefined for another kind of transaction
 * @throws Error when it is not as Fabric writes it
 */
export function readConfigurationTransaction(bytes: Buffer): ConfigurationTransaction | undefined {
  const payload = readPayload(readEnvelope(bytes).payload);
  const { type, channelId } = readWholeChannelHeader(readHeader(payload.header).channelHeader);
  if (type !== configTransaction) return undefined;
  const { sequence, channelGroup } = readConfig(readConfigEnvelope(payload.data).config);
  return { channel: channelId.toString('utf8'), sequence, group: readChannelGroup(channelGroup) };
}

/** @throws Error also when the group has not two values of its own by one name */
function readChannelGroup(bytes: Buffer): ChannelGroup {
  const { groups, values } = readConfigGroup(bytes);
  return { groups: mapOf(groups), values: mapOf(values) };
}

function mapOf(entries: readonly Buffer[]): ReadonlyMap<string, Buffer> {
  const pairs = entries.map((entry) => {
    const { key, value } = readMapEntry(entry);
    return [key.toString('utf8'), value] as const;
  });
  const map = new Map(pairs);
  if (map.size !== pairs.length) throw new Error('configuration: one name twice');
  return map;
}

/** The content of a value. @throws Error when the group has none of that name */
export function valueIn({ values }: ChannelGroup, name: string): Buffer {
  const value = values.get(name);
  if (value === undefined) throw new Error(`configuration: no ${name}`);
  return readConfigValue(value).value;
}

/** A group in another one. @throws Error when there is none of that name */
export function groupIn({ groups }: ChannelGroup, name: string): ChannelGroup {
  const group = groups.get(name);
  if (group === undefined) throw new Error(`configuration: no ${name}`);
  return readChannelGroup(group);
}

/** How an organization's identities are known. */
export interface MembershipProvider {
  readonly mspId: string;
  /** PEM, of root and intermediate authorities, those that section 4.6 of docs/spec can read. */
  readonly caCertificates: readonly string[];
  /** Organizational units of its peers and orderers; undefined where its MSP has no node OUs. */
  readonly units: { readonly peer: string; readonly orderer: string } | undefined;
  /** Those that one of its authorities signed. */
  readonly revocationLists: readonly RevocationList[];
}

/**
 * The organizations in a group, in the order of their MSP ids. One whose MSP cannot be read is left out, and so are two
 * with one id: what a member writes there can only take away its own word.
 */
export function membershipProviders(group: ChannelGroup): readonly MembershipProvider[] {
  const providers = [...group.groups.values()].flatMap(readProvider);
  return providers
    .filter(({ mspId }) => providers.filter((other) => other.mspId === mspId).length === 1)
    .sort((a, b) => (a.mspId < b.mspId ? -1 : 1));
}

function readProvider(organization: Buffer): readonly MembershipProvider[] {
  try {
    const { type, config } = readMspConfig(valueIn(readChannelGroup(organization), 'MSP'));
    if (type !== fabricProvider) return [];
    const { name, rootCerts, intermediateCerts, revocationLists, nodeOus } = readFabricMspConfig(config);
    const authorityTexts = [...rootCerts, ...intermediateCerts];
    if (Math.max(authorityTexts.length, revocationLists.length) > maximumLists) return [];
    const caCertificates = authorityTexts.map(pemOf).filter(isCaCertificate);
    const authorities = caCertificates.map(readCertificate);
    const lists = revocationLists.map(readRevocationList).filter((list) => authorities.some(list.isSignedBy));
    return [{ mspId: name.toString('utf8'), caCertificates, units: readUnits(nodeOus), revocationLists: lists }];
  } catch {
    return [];
  }
}

function readUnits(bytes: Buffer): MembershipProvider['units'] {
  const { enable, peer, orderer } = readNodeOus(bytes);
  if (enable !== 1) return undefined;
  const unitIn = (identifier: Buffer): string => readUnitIdentifier(identifier).unit.toString('utf8');
  return { peer: unitIn(peer), orderer: unitIn(orderer) };
}

/** The first certificate in a text, as Fabric takes it, in the one form of section 4.6; empty when there is none. */
export function pemOf(text: Buffer): string {
  const form = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/u;
  const base64 = form.exec(text.toString('latin1'))?.[1];
  return base64 === undefined ? '' : encodePem(Buffer.from(base64, 'base64'));
}
