// SPDX-License-Identifier: Apache-2.0

import { notaryHealth, type NotaryHealth } from '@gridpeg/gateway-app';
import { networkStatus, readNetwork } from '@gridpeg/network';
import { type LaneId } from '@gridpeg/protocol';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One organization's notary, as the bench reaches it. */
export interface BenchNotary {
  /** The node's name. */
  readonly node: string;
  /** What it keeps and can do without. */
  readonly dataDir: string;
  /** @throws Error when it does not answer */
  readonly health: () => Promise<NotaryHealth>;
}

/**
 * The notaries of a network that is up, first the one whose turn it is to relay a lane. @throws Error when one does not
 * answer
 */
export async function notariesOf(stateDir: string, laneId: LaneId): Promise<readonly [BenchNotary, ...BenchNotary[]]> {
  const { organizations } = readNetwork(stateDir);
  const services = (await networkStatus({ stateDir })).filter(({ kind }) => kind === 'service');
  const ranked = services.map(async ({ name, organization, ports }) => {
    const authorities = organizations.filter(({ mspId }) => mspId === organization);
    const certificates = authorities.map(({ caCertFile }) => readFileSync(caCertFile, 'utf8'));
    const url = `https://127.0.0.1:${ports['listen'] ?? 0}`;
    const health = (): Promise<NotaryHealth> => notaryHealth(url, certificates, 2_000);
    const rank = (await health()).lanes.find((lane) => lane.laneId === laneId)?.rank ?? Number.POSITIVE_INFINITY;
    return { rank, notary: { node: name, dataDir: join(stateDir, 'notaries', organization, 'data'), health } };
  });
  const [leader, ...others] = (await Promise.all(ranked)).sort((a, b) => a.rank - b.rank);
  if (leader?.rank !== 0) throw new Error(`no notary relays lane ${laneId}`);
  return [leader.notary, ...others.map(({ notary }) => notary)];
}
