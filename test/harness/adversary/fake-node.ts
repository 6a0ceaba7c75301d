// SPDX-License-Identifier: Apache-2.0

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { nodeHost } from '@gridpeg/network';
import { docker } from '../network/docker';

/** A node of a network. */
export interface Place {
  readonly stateDir: string;
  readonly node: string;
}

/**
 * Runs a program in a container in the place of a dead one: with its name, its ports and its labels.
 *
 * @param script - of Node; writes something as soon as it listens
 * @returns ends it
 */
export async function startFakeNode(
  { stateDir, node }: Place,
  ports: readonly number[],
  script: string,
): Promise<() => Promise<void>> {
  const label = `gridpeg.state=${stateDir}`;
  const name = `gridpeg-test-${randomUUID()}`;
  const image = `node:${process.versions.node.split('.')[0] ?? ''}-bookworm-slim`;
  const place = ['--network', networkOf(stateDir), '--network-alias', nodeHost({ stateDir, node })];
  const labels = ['--label', label, '--label', `gridpeg.node=${node}`];
  const published = ports.flatMap((port) => ['--publish', `127.0.0.1:${port.toString()}:${port.toString()}`]);
  const container = spawn(
    'docker',
    ['run', '--rm', '--init', '--name', name, ...place, ...labels, ...published, image, 'node', '-e', script],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = once(container, 'exit');
  const began = once(container.stdout, 'data').then(() => true);
  if (!(await Promise.race([began, ended.then(() => false)]))) throw new Error(`nothing stands in for ${node}`);
  return async () => {
    docker('rm', '--force', name);
    await ended;
  };
}

/** The address at which containers of a network reach what listens on this machine. */
export function hostAddressFor(stateDir: string): string {
  const [address] = docker('network', 'inspect', '--format', '{{(index .IPAM.Config 0).Gateway}}', networkOf(stateDir));
  if (address === undefined) throw new Error(`containers of ${stateDir} do not reach this machine`);
  return address;
}

function networkOf(stateDir: string): string {
  const [network] = docker('network', 'ls', '--quiet', '--filter', `label=gridpeg.state=${stateDir}`);
  if (network === undefined) throw new Error(`${stateDir} has no container network`);
  return network;
}
