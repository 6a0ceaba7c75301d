// SPDX-License-Identifier: Apache-2.0

import { integer, list, oneOf, record, type Codec, text, variant } from '../codec/codec';
import { type MspId, mspIdCodec } from '../codec/identifiers';
import {
  caCertificatesCodec,
  type Organization,
  organizationCodec,
  pemCodec,
  revokedSerialsCodec,
} from '../records/configuration';
import { isRevoked, readCertificate, type RevocationList } from '../x509';
import { isP256 } from '../x509/signature';
import {
  type ChannelGroup,
  type ConfigurationTransaction,
  groupIn,
  membershipProviders,
  type MembershipProvider,
  pemOf,
  valueIn,
} from './channel-group';
import { readConsensusType, readConsenter, readOrderers } from './fabric-configuration';

const maximumOrderers = 64;
const maximumOrganizations = 64;

/** One of the nodes that agree on blocks under BFT, known by exactly this certificate. */
interface Consenter {
  readonly id: number;
  readonly mspId: MspId;
  readonly certificate: string;
}

/** Whom an organization lets sign blocks under Raft; an empty unit: whoever has a certificate of it. */
export interface OrderingOrganization {
  readonly mspId: MspId;
  readonly caCertificates: readonly string[];
  readonly ordererUnit: string;
  readonly revokedSerials: readonly string[];
}

/** Who signs the blocks of a channel, and how many of them must. */
export type Consensus =
  | { readonly kind: 'bft'; readonly requiredSignatures: number; readonly consenters: readonly Consenter[] }
  | {
      readonly kind: 'raft';
      readonly requiredSignatures: number;
      readonly organizations: readonly OrderingOrganization[];
    };
type ConsensusOf<Kind> = Extract<Consensus, { kind: Kind }>;

const requiredSignaturesCodec = integer(1, maximumOrderers);
const consenterCodec: Codec<Consenter> = record({
  id: integer(0, 2 ** 31 - 1),
  mspId: mspIdCodec,
  certificate: pemCodec,
});
const orderingOrganizationCodec: Codec<OrderingOrganization> = record({
  mspId: mspIdCodec,
  caCertificates: caCertificatesCodec,
  ordererUnit: text(/^[A-Za-z0-9_-]{0,64}$/, 'an organizational unit, or nothing'),
  revokedSerials: revokedSerialsCodec,
});
export const consensusCodec: Codec<Consensus> = variant<Consensus>({
  bft: record<ConsensusOf<'bft'>>({
    kind: oneOf('bft'),
    requiredSignatures: requiredSignaturesCodec,
    consenters: list(consenterCodec, 0, maximumOrderers),
  }),
  raft: record<ConsensusOf<'raft'>>({
    kind: oneOf('raft'),
    requiredSignatures: requiredSignaturesCodec,
    organizations: list(orderingOrganizationCodec, 0, maximumOrganizations),
  }),
});
export const channelOrganizationsCodec = list(organizationCodec, 0, maximumOrganizations);

/** What a followed configuration takes from a channel's; docs/spec/13-light-client.md section 13.2. */
export interface ChannelConfiguration {
  readonly consensus: Consensus;
  readonly organizations: readonly Organization[];
}

/**
 * Reads who may sign the blocks that follow a configuration, and whose peers may endorse.
 *
 * @param raftSignatures - how many orderers must sign under Raft; undefined when it must not be Raft
 * @throws Error when the configuration lacks what it must have
 */
export function readChannelConfiguration(
  { group }: ConfigurationTransaction,
  raftSignatures: number | undefined,
): ChannelConfiguration {
  const orderers = groupIn(group, 'Orderer');
  const members = membershipProviders(groupIn(group, 'Application'));
  return {
    consensus: readConsensus(orderers, [...membershipProviders(orderers), ...members], raftSignatures),
    organizations: bounded(members.flatMap(organization), maximumOrganizations),
  };
}

function readConsensus(
  orderers: ChannelGroup,
  providers: readonly MembershipProvider[],
  raftSignatures: number | undefined,
): Consensus {
  const type = readConsensusType(valueIn(orderers, 'ConsensusType')).type.toString('utf8');
  if (type === 'BFT') return byzantine(orderers, providers);
  if (type !== 'etcdraft' || raftSignatures === undefined) throw new Error(`configuration: consensus ${type}`);
  const organizations = membershipProviders(orderers).flatMap(orderingOrganization);
  return {
    kind: 'raft',
    requiredSignatures: raftSignatures,
    organizations: bounded(organizations, maximumOrganizations),
  };
}

function byzantine(orderers: ChannelGroup, providers: readonly MembershipProvider[]): ConsensusOf<'bft'> {
  const { consenters } = readOrderers(valueIn(orderers, 'Orderers'));
  const all = bounded(consenters.map(readConsenter), maximumOrderers);
  if (all.length === 0 || new Set(all.map(({ id }) => id)).size !== all.length || all.some(({ id }) => id < 0)) {
    throw new Error('configuration: consenters');
  }
  const named = all.map(({ id, mspId, identity }) => {
    return { id, mspId: mspId.toString('utf8') as MspId, certificate: pemOf(identity) };
  });
  const able = named.filter(
    (consenter, place) =>
      canSign(consenter, providers) &&
      named.findIndex(({ certificate }) => certificate === consenter.certificate) === place,
  );
  return {
    kind: 'bft',
    requiredSignatures: quorumOf(all.length),
    consenters: able.sort((a, b) => a.id - b.id),
  };
}

/** Of n consenters f = floor((n - 1) / 3) may lie, so that ceil((n + f + 1) / 2) are a quorum. */
function quorumOf(count: number): number {
  return Math.ceil((count + Math.floor((count - 1) / 3) + 1) / 2);
}

/**
 * Whether a consenter's certificate is one of section 4.6 on P-256, and not revoked by its organization, whose MSP must
 * be known to say so.
 */
function canSign(consenter: Consenter, providers: readonly MembershipProvider[]): boolean {
  try {
    consenterCodec.decode(consenter, 'consenter');
    const facts = readCertificate(consenter.certificate);
    const own = providers.filter(({ mspId }) => mspId === consenter.mspId);
    const revoked = own.some((each) => isRevoked(facts, each.revocationLists, each.caCertificates));
    return isP256(facts.publicKey) && own.length > 0 && !revoked;
  } catch {
    return false;
  }
}

function organization({ mspId, caCertificates, units, revocationLists }: MembershipProvider): readonly Organization[] {
  const found = { mspId, caCertificates, peerUnit: units?.peer ?? '', revokedSerials: serialsIn(revocationLists) };
  return holdable(organizationCodec, found);
}

function orderingOrganization({
  mspId,
  caCertificates,
  units,
  revocationLists,
}: MembershipProvider): readonly OrderingOrganization[] {
  const revokedSerials = serialsIn(revocationLists);
  return holdable(orderingOrganizationCodec, {
    mspId,
    caCertificates,
    ordererUnit: units?.orderer ?? '',
    revokedSerials,
  });
}

/** Nothing when a record cannot hold it: then it has no say. */
function holdable<T>(codec: Codec<T>, found: object): readonly T[] {
  try {
    return [codec.decode(found, '')];
  } catch {
    return [];
  }
}

function serialsIn(lists: readonly RevocationList[]): readonly string[] {
  return [...new Set(lists.flatMap(({ serialNumbers }) => [...serialNumbers]))].sort();
}

function bounded<T>(items: readonly T[], maximum: number): T[] {
  if (items.length > maximum) throw new Error('configuration: too large');
  return [...items];
}
