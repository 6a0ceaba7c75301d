// SPDX-License-Identifier: Apache-2.0

import {
  channelOf,
  committeeFault,
  committeeHashOf,
  custodianOf,
  isCaCertificate,
  isNotaryKey,
  limits,
  mspOf,
  readCertificate,
  Refused,
  type Asset,
  type Committee,
  type Configuration,
  type Lane,
  type Organization,
  type TrustRecord,
} from '@gridpeg/protocol';
import { signersIn } from './governance-changes';

/**
 * The rules of docs/spec/05-configuration.md for the parts of a configuration. All throw Refused CONFIGURATION_INVALID.
 */

/** Node-OU roles of Fabric that are not a peer's, however they are written. */
const otherRoles: readonly string[] = ['client', 'admin', 'orderer', 'member'];

export function checkAsset({ id, issuers, window }: Asset, { chainId, members }: Configuration): void {
  const own = channelOf(chainId);
  expect(id.startsWith(`${own}/`), `assets.${id}`, `an asset at home here (${own}/...)`);
  unique(issuers, `assets.${id}.issuers`);
  const ofMembers = issuers.every((issuer) => members.includes(mspOf(issuer)));
  expect(ofMembers, `assets.${id}.issuers`, 'accounts of members');
  expect(window.quantity >= BigInt(window.shards), `assets.${id}.window.quantity`, 'at least 1 for each shard');
}

export function checkTrust(
  trust: TrustRecord,
  suspended: ReadonlySet<string>,
  previous: Configuration | undefined,
): void {
  const { organizations, minimumOrganizations, chainId } = trust;
  const field = `chains.${channelOf(chainId)}`;
  unique(
    organizations.map(({ mspId }) => mspId),
    `${field}.organizations`,
  );
  for (const { peerUnit } of organizations) {
    const isOther = otherRoles.includes(peerUnit.toLowerCase());
    expect(!isOther, `${field}.organizations.peerUnit`, "the name of the peers' role, as peer");
  }
  checkAuthorities(organizations, `${field}.organizations.caCertificates`);
  const most = Math.min(organizations.length, limits.endorsements);
  const enough = minimumOrganizations >= 2 && minimumOrganizations <= most;
  const expected =
    'at least 2, at most the organizations listed and the ' + `${limits.endorsements.toString()} that a proof holds`;
  expect(enough, `${field}.minimumOrganizations`, expected);
  const fault = committeeFault(trust.committee);
  if (fault !== undefined) expect(false, `${field}.committee.${fault.field}`, fault.expected);
  const before = previous?.chains.find((chain) => chain.chainId === chainId)?.committee;
  if (before === undefined) checkNewCommittee(trust, suspended, field);
  else checkKeptCommittee(trust, before, field);
}

/**
 * A CA vouches for one organization: with one key for two, an organization's peers would count as two organizations'.
 */
function checkAuthorities(organizations: readonly Organization[], field: string): void {
  const owners = new Map<string, string>();
  for (const { mspId, caCertificates } of organizations) {
    expect(caCertificates.every(isCaCertificate), field, 'CA certificates');
    for (const certificate of caCertificates) {
      const key = readCertificate(certificate).subjectPublicKeyInfo.toString('base64');
      expect((owners.get(key) ?? mspId) === mspId, field, 'another key for each organization');
      owners.set(key, mspId);
    }
  }
}

function checkNewCommittee({ committee }: TrustRecord, suspended: ReadonlySet<string>, field: string): void {
  const trusted = committee.notaries.every(({ publicKey }) => !suspended.has(publicKey));
  expect(trusted, `${field}.committee.notaries.publicKey`, 'keys that are not suspended');
  expect(committee.epoch <= limits.firstEpoch, `${field}.committee.epoch`, 'one with room for rotations');
}

/** A chain that comes in does so for a lane; what nothing uses would be trusted for nothing. */
export function checkUsed(next: Configuration, previous: Configuration | undefined): void {
  for (const { chainId } of next.chains) {
    const known = chainId === next.chainId || previous?.chains.some((chain) => chain.chainId === chainId) === true;
    const used = next.lanes.some((lane) => [lane.sourceChainId, lane.destinationChainId].includes(chainId));
    expect(known || used, `chains.${channelOf(chainId)}`, 'an end of a lane');
  }
}

function checkKeptCommittee({ committee }: TrustRecord, before: Committee, field: string): void {
  const kept = committeeHashOf(before) === committeeHashOf(committee);
  expect(kept, `${field}.committee`, 'the committee in force, which changes by rotation or replacement');
}

export function checkLane(lane: Lane, next: Configuration, previous: Configuration | undefined): void {
  const field = `lanes.${lane.id}`;
  checkEnds(lane, next, field);
  const isNew = previous?.lanes.every(({ id }) => id !== lane.id) ?? true;
  const rival = next.lanes.some(({ id, ...other }) => id !== lane.id && sameEnds(lane, other));
  expect(!isNew || !rival, field, 'the only lane between these ends');
  unique(lane.assets, `${field}.assets`);
  const home = `${channelOf(next.chainId)}/`;
  const known = lane.assets.every((asset) => !asset.startsWith(home) || next.assets.some(({ id }) => id === asset));
  expect(known, `${field}.assets`, 'of those at home here, only assets that there are');
  const { quantity, shards } = lane.window;
  const fits = lane.maximumQuantity <= quantity / BigInt(shards);
  expect(fits, `${field}.maximumQuantity`, "at most the window's quantity divided by its shards");
}

/** One custodian is a lane's whole trust, so it is held to what holds for each notary of a committee. */
export function checkCustodian(
  { id, custody }: Lane,
  suspended: ReadonlySet<string>,
  next: Configuration,
  previous: Configuration | undefined,
): void {
  const custodian = custodianOf(custody);
  if (custodian === undefined) return;
  const { mspId, publicKey } = custodian;
  const field = `lanes.${id}.custody.custodian.publicKey`;
  expect(isNotaryKey(publicKey), field, 'a P-256 public key');
  const before = previous?.lanes.find((lane) => lane.id === id);
  const isKept = before !== undefined && custodianOf(before.custody)?.publicKey === publicKey;
  expect(isKept || !suspended.has(publicKey), field, 'a key that is not suspended');
  const others = signersIn(next).filter((signer) => signer.publicKey === publicKey);
  expect(
    others.every((signer) => signer.mspId === mspId),
    field,
    'a key of one organization only',
  );
}

function checkEnds(lane: Lane, next: Configuration, field: string): void {
  const ends = [lane.sourceChainId, lane.destinationChainId];
  expect(ends[0] !== ends[1] && ends.includes(next.chainId), field, 'two chains, one of them this one');
  expect(
    ends.every((end) => next.chains.some(({ chainId }) => chainId === end)),
    field,
    'ends that have a trust record',
  );
  const back = next.lanes.find(({ id }) => id === lane.returnLaneId);
  const paired =
    back?.returnLaneId === lane.id &&
    back.sourceChainId === lane.destinationChainId &&
    back.destinationChainId === lane.sourceChainId;
  expect(paired, `${field}.returnLaneId`, 'the lane the other way, naming this one');
}

type Ends = Pick<Lane, 'sourceChainId' | 'destinationChainId'>;
function sameEnds(a: Ends, b: Ends): boolean {
  return a.sourceChainId === b.sourceChainId && a.destinationChainId === b.destinationChainId;
}

export function unique(values: readonly string[], field: string): void {
  expect(new Set(values).size === values.length, field, 'each once');
}

export function expect(holds: boolean, field: string, expected: string): void {
  if (!holds) throw new Refused({ code: 'CONFIGURATION_INVALID', field, expected });
}
