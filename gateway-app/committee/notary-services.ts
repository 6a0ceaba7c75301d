// SPDX-License-Identifier: Apache-2.0

import {
  keepCopies,
  networkStatus,
  NetworkError,
  nodeHost,
  nodeLogs,
  notaryUserOf,
  pollUntil,
  startServices,
  type NodeStatus,
  type ServiceOptions,
} from '@gridpeg/network';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { notaryHealth, type NotaryHealth } from '../notary';
import { launcher, repositoryDir } from '../consortium/installation';
import { assignAddresses, readAddresses, type NotaryAddresses } from './notary-addresses';
import { type PeggedNetwork } from '../consortium/consortium';

const readySeconds = 30;

/** The node's name of an organization's notary. */
export function notaryNode(network: PeggedNetwork, mspId: string): string {
  const organization = network.state.organizations.find((candidate) => candidate.mspId === mspId);
  return `notary.${organization?.domain ?? mspId}`;
}

/**
 * Starts the notaries that do not run, and waits until all of the committee answer.
 *
 * @param report - is called with a line for each notary that answers
 * @throws NetworkError NODE_DID_NOT_START, STATE_UNREADABLE
 */
export async function startNotaries(
  network: PeggedNetwork,
  stateDir: string,
  report: (text: string) => void,
): Promise<void> {
  const mspIds = network.state.peg.committee.notaries;
  const nodes = await networkStatus({ stateDir });
  const alive = new Set(nodes.filter(({ state }) => state !== 'dead').map(({ name }) => name));
  const running = new Set(mspIds.filter((mspId) => alive.has(notaryNode(network, mspId))));
  const taken = nodes.flatMap(({ ports }) => Object.values(ports));
  const addresses = await assignAddresses(stateDir, mspIds, running, taken);
  await startServices(
    stateDir,
    mspIds.map((mspId) => notaryService(network, stateDir, mspId, addresses)),
  );
  await Promise.all(
    mspIds.map(async (mspId) => {
      await waitForNotary(stateDir, network, mspId, urlOf(addresses, mspId));
      report(`${mspId} answers at ${urlOf(addresses, mspId)}`);
    }),
  );
  keepCopies(stateDir);
}

function notaryService(
  network: PeggedNetwork,
  stateDir: string,
  mspId: string,
  addresses: NotaryAddresses,
): ServiceOptions {
  // All addresses are part of what it runs as: a notary is restarted when another one has moved.
  const notaries = Object.entries(addresses).flatMap(([other, { port }]) => {
    const host = nodeHost({ stateDir, node: notaryNode(network, other) });
    return ['--notary', `${other}=https://${host}:${port.toString()}`];
  });
  const port = addresses[mspId]?.port;
  return {
    name: notaryNode(network, mspId),
    organization: mspId,
    command: [
      process.execPath,
      launcher,
      '--state',
      stateDir,
      'notary',
      'run',
      '--in-network',
      '--organization',
      mspId,
      ...notaries,
    ],
    // It reads its certificate and the chains that it serves when it starts, so it is restarted when they change.
    env: {
      GRIDPEG_CERTIFICATE_DIGEST: certificateDigest(network, mspId),
      GRIDPEG_NOTARY_CHAINS: network.state.chains.map(({ name }) => name).join(','),
    },
    cwd: stateDir,
    reads: [repositoryDir],
    ports: port === undefined ? {} : { listen: port },
  };
}

function certificateDigest(network: PeggedNetwork, mspId: string): string {
  const user = notaryUserOf(network.organization(mspId).users);
  const certificate = user === undefined ? '' : readFileSync(user.certFile);
  return createHash('sha256').update(certificate).digest('hex').slice(0, 16);
}

async function waitForNotary(stateDir: string, network: PeggedNetwork, mspId: string, url: string): Promise<void> {
  const node = notaryNode(network, mspId);
  const hasStarted = async (): Promise<'answers' | 'dead' | false> => {
    if ((await askHealth(network, mspId, url)) !== undefined) return 'answers';
    return (await statusOf(stateDir, node))?.state === 'dead' && 'dead';
  };
  if ((await pollUntil(hasStarted, { timeoutMs: readySeconds * 1000, pollMs: 100 })) === 'answers') return;
  const lines: string[] = [];
  for await (const piece of nodeLogs({ stateDir, node, lines: 20 })) lines.push(piece);
  throw new NetworkError(
    'NODE_DID_NOT_START',
    `${node} does not answer`,
    `Read its log with "gridpeg logs ${node}".`,
    lines.join('\n'),
  );
}

/** How long a notary may take to report its health, on a machine with idle processors. */
const HEALTH_MS = 2000;

/**
 * The health that a notary reports; undefined when it does not answer.
 *
 * @param slowness - what the time limit is multiplied by, at least 1
 * @param authorities - whose certificates it may show, PEM
 */
export async function askHealth(
  network: PeggedNetwork,
  mspId: string,
  url: string,
  slowness = 1,
  authorities = network.authoritiesOf(mspId),
): Promise<NotaryHealth | undefined> {
  if (url === '') return undefined;
  return notaryHealth(url, authorities, HEALTH_MS * slowness).catch(() => undefined);
}

/** The health that one notary of the committee reports. */
interface NotaryResponse {
  /** MSP id */
  readonly organization: string;
  /** Empty when it was never started here. */
  readonly url: string;
  /** Undefined when it does not answer. */
  readonly health: NotaryHealth | undefined;
}

/**
 * Asks these notaries, where this folder says that they are, at the same time.
 *
 * @param mspIds - the whole committee unless named
 * @param slowness - what the time limit is multiplied by, at least 1
 */
export function askNotaries(
  network: PeggedNetwork,
  stateDir: string,
  mspIds: readonly string[] = network.state.peg.committee.notaries,
  slowness = 1,
): Promise<readonly NotaryResponse[]> {
  const addresses = readAddresses(stateDir);
  return Promise.all(
    mspIds.map(async (organization) => {
      const url = urlOf(addresses, organization);
      return { organization, url, health: await askHealth(network, organization, url, slowness) };
    }),
  );
}

/** @returns the empty text when it was never started */
export function urlOf(addresses: NotaryAddresses, mspId: string): string {
  const address = addresses[mspId];
  return address === undefined ? '' : `https://${address.host}:${address.port.toString()}`;
}

async function statusOf(stateDir: string, node: string): Promise<NodeStatus | undefined> {
  return (await networkStatus({ stateDir })).find(({ name }) => name === node);
}
