// SPDX-License-Identifier: Apache-2.0

import {
  channelOf,
  committeeFault,
  committeeHashOf,
  isCaCertificate,
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
 * @param suspended - public keys that no committee may name
 * @throws Refused CONFIGURATION_INVALID naming the first field that breaks a rule
 */
export function checkConfiguration(
  next: Configuration,
  previous: Configuration | undefined,
  suspended: ReadonlySet<string>,
): void {
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
  for (const trust of next.chains) checkTrust(trust, suspended, previous);
  next.lanes.forEach((lane) => {
    checkLane(lane, next);
  });
  if (previous !== undefined) checkKept(next, previous);
}

function checkTrust(trust: TrustRecord, suspended: ReadonlySet<string>, previous: Configuration | undefined): void {
  const { committee, organizations, minimumOrganizations, chainId } = trust;
  const field = `chains.${channelOf(chainId)}`;
  unique(
    organizations.map(({ mspId }) => mspId),
    `${field}.organizations`,
  );
  const authorities = organizations.flatMap(({ caCertificates }) => caCertificates);
  expect(authorities.every(isCaCertificate), `${field}.organizations.caCertificates`, 'CA certificates');
  const enough = minimumOrganizations >= 2 && minimumOrganizations <= organizations.length;
  expect(enough, `${field}.minimumOrganizations`, 'at least 2, at most the organizations listed');
  const fault = committeeFault(committee);
  if (fault !== undefined) expect(false, `${field}.committee.${fault.field}`, fault.expected);
  const before = previous?.chains.find((chain) => chain.chainId === chainId)?.committee;
  if (before === undefined) {
    const trusted = committee.notaries.every(({ publicKey }) => !suspended.has(publicKey));
    expect(trusted, `${field}.committee.notaries.publicKey`, 'keys that are not suspended');
  } else {
    const kept = committeeHashOf(before) === committeeHashOf(committee);
    expect(kept, `${field}.committee`, 'the committee in force, which changes by rotation or replacement');
  }
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
  const { quantity, shards } = lane.window;
  const fits = lane.maximumQuantity <= quantity / BigInt(shards);
  expect(fits, `${field}.maximumQuantity`, "at most the window's quantity divided by its shards");
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

/** Approvals that a change needs: more than half of the members. */
export function majorityOf(members: readonly MspId[]): number {
  return Math.floor(members.length / 2) + 1;
}

/**
 * The first configuration needs every organization that it lists, and lists more than half of the channel's:
 * so no minority can configure a chain for itself.
 *
 * @param organizations - all organizations of the channel, as the endorsing peer knows them
 * @throws Refused ALREADY_CONFIGURED, CONFIGURATION_INVALID
 */
export function checkFirst(
  next: Configuration,
  previous: Configuration | undefined,
  organizations: readonly MspId[],
): void {
  if (previous !== undefined) throw new Refused({ code: 'ALREADY_CONFIGURED', sequence: previous.sequence });
  const known = next.members.every((member) => organizations.includes(member));
  const enough = next.members.length >= majorityOf(organizations);
  expect(known && enough, 'members', 'organizations of the channel, more than half of them');
  checkConfiguration(next, undefined, new Set());
}

/** @throws Refused CONFIGURATION_NOT_APPROVED */
export function checkApproved(approvals: number, required: number): void {
  if (approvals < required) throw new Refused({ code: 'CONFIGURATION_NOT_APPROVED', approvals, required });
}

function unique(values: readonly string[], field: string): void {
  expect(new Set(values).size === values.length, field, 'each once');
}

function expect(holds: boolean, field: string, expected: string): void {
  if (!holds) throw new Refused({ code: 'CONFIGURATION_INVALID', field, expected });
}
