// SPDX-License-Identifier: Apache-2.0

import { Refused, type Configuration, type MspId } from '@gridpeg/protocol';
import { checkAsset, checkCustodian, checkLane, checkTrust, checkUsed, expect, unique } from './configuration-rules';

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
  if (previous !== undefined) checkKept(next, previous);
  for (const asset of next.assets) checkAsset(asset, next);
  expect(
    next.chains.some(({ chainId }) => chainId === next.chainId),
    'chains',
    'a trust record of the chain itself',
  );
  expect(next.urgentDelayMs <= next.delayMs, 'urgentDelayMs', 'at most delayMs');
  for (const trust of next.chains) checkTrust(trust, suspended, previous);
  for (const lane of next.lanes) checkLane(lane, next, previous);
  for (const lane of next.lanes) checkCustodian(lane, suspended, next, previous);
  checkUsed(next, previous);
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

/**
 * Whoever comes in is an organization of the channel: names that nobody speaks for could keep the members from ever
 * agreeing.
 *
 * @param organizations - all organizations of the channel, as the endorsing peer knows them
 * @throws Refused CONFIGURATION_INVALID
 */
export function checkMembers(next: Configuration, previous: Configuration, organizations: readonly MspId[]): void {
  const known = [...previous.members, ...organizations];
  const all = next.members.every((member) => known.includes(member));
  expect(all, 'members', 'organizations of the channel');
}

/** @throws Refused CONFIGURATION_NOT_APPROVED */
export function checkApproved(approvals: number, required: number): void {
  if (approvals < required) throw new Refused({ code: 'CONFIGURATION_NOT_APPROVED', approvals, required });
}
