// SPDX-License-Identifier: Apache-2.0

import { readNetwork, type NetworkState } from '@gridpeg/network';

type Organizations = NetworkState['organizations'];

/**
 * A text about the network that `gridpeg up` makes, with organizations of the network that is there.
 *
 * @returns the text itself where there is no network, or one that cannot be read
 */
export function withKnownOrganizations(text: string, stateDir: string): string {
  try {
    return nameKnown(text, readNetwork(stateDir).organizations);
  } catch {
    return text;
  }
}

/**
 * Puts one of the organizations in the place of each that is none of them, always the same one; users along with it.
 */
export function nameKnown(text: string, organizations: Organizations): string {
  const unknown = [...new Set(text.match(/\b[A-Z][A-Za-z]*MSP\b/gu))].filter((mspId) => !find(organizations, mspId));
  const known = new Map(unknown.map((mspId, index) => [mspId, organizations[index % organizations.length]]));
  return text.replace(/\b([A-Z][A-Za-z]*MSP)(?:\/(\w+))?/gu, (whole, mspId: string, user?: string) => {
    const organization = find(organizations, mspId) ?? known.get(mspId);
    if (organization === undefined) return whole;
    if (user === undefined) return organization.mspId;
    const { users } = organization;
    const named = users.find(({ name }) => name === user) ?? users.find(({ role }) => role === 'operator') ?? users[0];
    return `${organization.mspId}/${named?.name ?? user}`;
  });
}

function find(organizations: Organizations, mspId: string): Organizations[number] | undefined {
  return organizations.find((candidate) => candidate.mspId === mspId);
}
