// SPDX-License-Identifier: Apache-2.0

import { configurationShape, encode, type Configuration, type Lane, type TrustRecord } from '@gridpeg/protocol';

/**
 * Whether a valid next configuration can move no value that is there: further assets, chains, lanes and revocations, lower quantities
 * and fewer assets of a lane. Everything else waits; docs/spec/08-governance.md section 8.1.
 */
export function onlyAddsOrRestricts(next: Configuration, previous: Configuration): boolean {
  const undone: Configuration = {
    ...next,
    sequence: previous.sequence,
    assets: next.assets.filter(({ id }) => previous.assets.some((asset) => asset.id === id)),
    chains: next.chains.flatMap((chain) => {
      const before = previous.chains.find(({ chainId }) => chainId === chain.chainId);
      return before === undefined ? [] : withoutRevocations(chain, before);
    }),
    lanes: next.lanes.flatMap((lane) => {
      const before = previous.lanes.find(({ id }) => id === lane.id);
      return before === undefined ? [] : withoutRestrictions(lane, before);
    }),
  };
  return encode(configurationShape, undone) === encode(configurationShape, previous);
}

function withoutRevocations(next: TrustRecord, previous: TrustRecord): TrustRecord {
  const organizations = next.organizations.map((organization) => {
    const before = previous.organizations.find(({ mspId }) => mspId === organization.mspId);
    const kept = before?.revokedSerials.every((serial) => organization.revokedSerials.includes(serial)) ?? false;
    return before !== undefined && kept ? { ...organization, revokedSerials: before.revokedSerials } : organization;
  });
  return { ...next, organizations };
}

function withoutRestrictions(next: Lane, previous: Lane): Lane {
  const { window, maximumQuantity, assets } = next;
  return {
    ...next,
    assets: assets.every((asset) => previous.assets.includes(asset)) ? previous.assets : assets,
    maximumQuantity: maximumQuantity <= previous.maximumQuantity ? previous.maximumQuantity : maximumQuantity,
    window: window.quantity <= previous.window.quantity ? { ...window, quantity: previous.window.quantity } : window,
  };
}
