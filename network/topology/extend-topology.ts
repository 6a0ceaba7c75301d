// SPDX-License-Identifier: Apache-2.0

import type { Organization, Topology } from './topology';

/**
 * A topology with what another one adds, and what that one has otherwise, which cannot be had while the network is up.
 */
export interface Extension {
  readonly topology: Topology;
  /** One line for each difference: the place, the old value and the new one. Empty if the other topology only adds. */
  readonly differences: readonly string[];
}

/**
 * Adds to a topology the chains that another one has more, and what belongs to those: organizations, peers, lanes that
 * start or end on one, assets at home on one, proof policies. What was there keeps its place, so that nothing made of
 * it changes. What chains that are there allow among themselves is for their organizations to change.
 *
 * @param before - what a network was made of
 * @param wanted - what it is to be
 */
export function extendTopology(before: Topology, wanted: Topology): Extension {
  const added = wanted.chains.filter(({ name }) => !before.chains.some((chain) => chain.name === name));
  const isNew = (chain: string): boolean => added.some(({ name }) => name === chain);
  const channels = added.map(({ channel }) => `${channel}/`);
  const lanes = wanted.peg.lanes.filter(({ source, destination }) => isNew(source) || isNew(destination));
  const assets = wanted.peg.assets.filter(({ id }) => channels.some((channel) => id.startsWith(channel)));
  const topology: Topology = {
    ...before,
    organizations: extended(before.organizations, wanted.organizations, ({ mspId }) => mspId).map((organization) =>
      withPeersOn(isNew, organization, wanted),
    ),
    chains: [...before.chains, ...added],
    peg: {
      ...before.peg,
      assets: extended(before.peg.assets, assets, ({ id }) => id),
      lanes: extended(before.peg.lanes, lanes, ({ id }) => id),
      proofPolicy: { ...wanted.peg.proofPolicy, ...before.peg.proofPolicy },
    },
  };
  return { topology, differences: differencesOf(keyed(topology), keyed(wanted), '') };
}

function extended<T>(before: readonly T[], more: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return [...before, ...more.filter((item) => !before.some((other) => keyOf(other) === keyOf(item)))];
}

function withPeersOn(isNew: (chain: string) => boolean, of: Organization, { organizations }: Topology): Organization {
  const wanted = organizations.find(({ mspId }) => mspId === of.mspId)?.peers ?? [];
  const more = wanted.filter(({ chain }) => isNew(chain));
  return { ...of, peers: extended(of.peers, more, ({ name }) => name) };
}

/** Lists by name instead of by place: an order means nothing, and messages name things as the file does. */
function keyed(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => [nameOf(item), keyed(item)] as const);
    return items.every(([name]) => name !== undefined) ? Object.fromEntries(items) : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, keyed(item)]));
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { mspId, id, name } = item as Readonly<Record<string, string>>;
  return mspId ?? id ?? name;
}

function differencesOf(before: unknown, wanted: unknown, path: string): readonly string[] {
  if (!isMapping(before) || !isMapping(wanted)) {
    const [old, given] = [shown(before), shown(wanted)];
    return old === given ? [] : [`${path}: the network has ${old}, the file ${given}`];
  }
  return [...new Set([...Object.keys(before), ...Object.keys(wanted)])].flatMap((key) =>
    differencesOf(before[key], wanted[key], path === '' ? key : `${path}.${key}`),
  );
}

/** A whole chain or organization is named by where it is. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return isMapping(value) ? 'it' : JSON.stringify(value);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
