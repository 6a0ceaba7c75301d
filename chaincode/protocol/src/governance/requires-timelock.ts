// SPDX-License-Identifier: Apache-2.0

import { type Asset } from '../records/asset';
import { encode } from '../codec/codec';
import {
  type Committee,
  type Configuration,
  configurationCodec,
  type Lane,
  type Organization,
  type TrustRecord,
} from '../records/configuration';

/**
 * Whether a valid next configuration could move value that the one in force could not. It cannot when all that it
 * accepts was accepted before, apart from new assets, chains and lanes, on which nothing depends yet;
 * docs/spec/08-governance.md section 8.1.
 */
export function requiresTimelock(next: Configuration, previous: Configuration): boolean {
  const unrestricted: Configuration = {
    ...next,
    sequence: previous.sequence,
    assets: undone(next.assets, previous.assets, ({ id }) => id, undoneAsset),
    chains: undone(next.chains, previous.chains, ({ chainId }) => chainId, undoneTrust),
    lanes: undone(next.lanes, previous.lanes, ({ id }) => id, undoneLane),
  };
  return encode(configurationCodec, unrestricted) !== encode(configurationCodec, previous);
}

/** Whether a committee could sign what the one that it replaces could not. */
export function addsSigners(
  { threshold, notaries }: Pick<Committee, 'threshold' | 'notaries'>,
  previous: Committee,
): boolean {
  const known = notaries.every(({ mspId, publicKey }) =>
    previous.notaries.some((before) => before.mspId === mspId && before.publicKey === publicKey),
  );
  return !known || threshold < previous.threshold;
}

/**
 * What was there before, each with its restrictions undone; what is gone counts as restricted, what is new as nothing.
 */
function undone<T>(
  next: readonly T[],
  previous: readonly T[],
  nameOf: (value: T) => string,
  undo: (value: T, before: T) => T,
): readonly T[] {
  return previous.map((before) => {
    const after = next.find((each) => nameOf(each) === nameOf(before));
    return after === undefined ? before : undo(after, before);
  });
}

function undoneAsset(next: Asset, previous: Asset): Asset {
  return {
    ...next,
    issuers: within(next.issuers, previous.issuers),
    window: { ...next.window, quantity: atMost(next.window.quantity, previous.window.quantity) },
  };
}

function undoneLane(next: Lane, previous: Lane): Lane {
  return {
    ...next,
    assets: within(next.assets, previous.assets),
    maximumQuantity: atMost(next.maximumQuantity, previous.maximumQuantity),
    window: { ...next.window, quantity: atMost(next.window.quantity, previous.window.quantity) },
  };
}

function undoneTrust(next: TrustRecord, previous: TrustRecord): TrustRecord {
  const { organizations, minimumOrganizations: minimum } = next;
  const known = organizations.every(({ mspId }) => previous.organizations.some((before) => before.mspId === mspId));
  return {
    ...next,
    organizations: known
      ? undone(organizations, previous.organizations, ({ mspId }) => mspId, undoneOrganization)
      : organizations,
    minimumOrganizations: minimum >= previous.minimumOrganizations ? previous.minimumOrganizations : minimum,
  };
}

function undoneOrganization(next: Organization, previous: Organization): Organization {
  const revoked = new Set(next.revokedSerials);
  return {
    ...next,
    caCertificates: within(next.caCertificates, previous.caCertificates),
    revokedSerials: previous.revokedSerials.every((serial) => revoked.has(serial))
      ? previous.revokedSerials
      : next.revokedSerials,
  };
}

/** The list before, if nothing is in the next that was not in it. */
function within<T>(next: readonly T[], previous: readonly T[]): readonly T[] {
  return next.every((value) => previous.includes(value)) ? previous : next;
}

/** The number before, if the next is not above it. */
function atMost(next: bigint, previous: bigint): bigint {
  return next <= previous ? previous : next;
}
