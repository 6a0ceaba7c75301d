// SPDX-License-Identifier: Apache-2.0

import {
  channelOf,
  isCaCertificate,
  isNotaryKey,
  Refused,
  type Configuration,
  type Lane,
  type MspId,
  type TrustRecord,
} from '@gridpeg/protocol';

/**
 * Checks a configuration against the rules of docs/spec/05-configuration.md; fails closed (T08).
 *
 * @param previous - the one in force, undefined for the first
 * @throws Refused CONFIGURATION_INVALID naming the first field that breaks a rule
 */
export function checkConfiguration(next: Configuration, previous: Configuration | undefined): void {
  const own = channelOf(next.chainId);
  expect(next.sequence === (previous?.sequence ?? 0) + 1, 'sequence', 'one more than the last');
  unique(next.members, 'members');
  unique(
    next.assets.map(({ id }) => id),
    'assets',
  );
  unique(
    next.chains.map(({ chainId }) => chainId),
    'chains',
  );
  unique(
    next.lanes.map(({ id }) => id),
    'lanes',
  );
  for (const { id, issuer } of next.assets) {
    expect(id.startsWith(`${own}/`), `assets.${id}`, `an asset at home here (${own}/...)`);
    expect(next.members.includes(issuer), `assets.${id}.issuer`, 'a member');
  }
  expect(
    next.chains.some(({ chainId }) => chainId === next.chainId),
    'chains',
    'a trust record of the chain itself',
  );
  next.chains.forEach(checkTrust);
  next.lanes.forEach((lane) => {
    checkLane(lane, next);
  });
  if (previous !== undefined) checkKept(next, previous);
}

function checkTrust(trust: TrustRecord): void {
  const { committee, organizations, minimumOrganizations } = trust;
  const field = `chains.${channelOf(trust.chainId)}`;
  unique(
    organizations.map(({ mspId }) => mspId),
    `${field}.organizations`,
  );
  unique(
    committee.notaries.map(({ mspId }) => mspId),
    `${field}.committee.notaries`,
  );
  unique(
    committee.notaries.map(({ publicKey }) => publicKey),
    `${field}.committee.notaries.publicKey`,
  );
  const authorities = organizations.flatMap(({ caCertificates }) => caCertificates);
  expect(authorities.every(isCaCertificate), `${field}.organizations.caCertificates`, 'CA certificates');
  const keys = committee.notaries.map(({ publicKey }) => publicKey);
  expect(keys.every(isNotaryKey), `${field}.committee.notaries.publicKey`, 'P-256 public keys');
  const enough = minimumOrganizations >= 2 && minimumOrganizations <= organizations.length;
  expect(enough, `${field}.minimumOrganizations`, 'at least 2, at most the organizations listed');
  const size = committee.notaries.length;
  const quorum = committee.threshold >= 2 && committee.threshold * 2 > size && committee.threshold <= size;
  expect(quorum, `${field}.committee.threshold`, 'more than half of the notaries, at least 2, at most all');
}

function checkLane(lane: Lane, next: Configuration): void {
  const field = `lanes.${lane.id}`;
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
  unique(lane.assets, `${field}.assets`);
}

/** What value may lie under stays: assets, chains and lanes are never dropped, lanes never turned. */
function checkKept(next: Configuration, previous: Configuration): void {
  expect(next.chainId === previous.chainId, 'chainId', 'the same as before');
  for (const asset of previous.assets) {
    expect(
      next.assets.some(({ id }) => id === asset.id),
      `assets.${asset.id}`,
      'kept',
    );
  }
  for (const chain of previous.chains) {
    expect(
      next.chains.some(({ chainId }) => chainId === chain.chainId),
      `chains.${chain.chainId}`,
      'kept',
    );
  }
  for (const lane of previous.lanes) {
    const kept = next.lanes.find(({ id }) => id === lane.id);
    const same =
      kept?.sourceChainId === lane.sourceChainId &&
      kept.destinationChainId === lane.destinationChainId &&
      kept.returnLaneId === lane.returnLaneId;
    expect(same, `lanes.${lane.id}`, 'kept, with the same ends and return lane');
  }
}

/** Whose approvals count, and how many are needed. */
export interface Quorum {
  readonly voters: readonly MspId[];
  readonly required: number;
}

/**
 * Later changes need more than half of the members in force. The first needs every organization that it lists, and an
 * endorser that finds its own organization left out refuses: so no minority can configure a chain for itself.
 *
 * @param endorser - MSP id of the organization whose process decides
 * @throws Refused CONFIGURATION_INVALID
 */
export function quorumFor(next: Configuration, previous: Configuration | undefined, endorser: string): Quorum {
  if (previous !== undefined)
    return { voters: previous.members, required: Math.floor(previous.members.length / 2) + 1 };
  expect(
    next.members.some((member) => member === endorser),
    'members',
    'every organization of the channel',
  );
  return { voters: next.members, required: next.members.length };
}

/** @throws Refused CONFIGURATION_NOT_APPROVED */
export function checkApproved(approvals: number, quorum: Quorum): void {
  if (approvals < quorum.required) {
    throw new Refused({ code: 'CONFIGURATION_NOT_APPROVED', approvals, required: quorum.required });
  }
}

function unique(values: readonly string[], field: string): void {
  expect(new Set(values).size === values.length, field, 'each once');
}

function expect(holds: boolean, field: string, expected: string): void {
  if (!holds) throw new Refused({ code: 'CONFIGURATION_INVALID', field, expected });
}
