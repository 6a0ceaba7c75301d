// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { dirname } from 'node:path';

import { stringify } from 'yaml';

import type { NodeSpec } from '../driver/driver';
import { nodeMarker, stateMarker } from '../native/marked-processes';

/** The label that names the state folder. Containers and their network are found by it. */
export const stateLabel = 'gridpeg.state';
/** The label that names the node of a container. */
export const nodeLabel = 'gridpeg.node';

/** A node as Compose runs it. */
export interface ComposedNode {
  readonly spec: NodeSpec;
  /** The name and tag. */
  readonly image: string;
  /** Undefined means the image's own. */
  readonly command: readonly string[] | undefined;
}

/** The name by which a node's container goes on its network: a host name, which node names need not be. */
export function hostNameOf(node: string): string {
  return node.replace('@', '-at-');
}

/** The Compose project of a state folder: two networks of one machine must not meet. */
export function projectOf(stateDir: string): string {
  return `gridpeg-${createHash('sha256').update(stateDir).digest('hex').slice(0, 10)}`;
}

/** The container of a node. */
export function containerOf(stateDir: string, node: string): string {
  return `${projectOf(stateDir)}.${hostNameOf(node)}`;
}

/**
 * Renders the Compose file of a network, by the Compose specification as both v2 and 1.29 read it.
 *
 * The state folder is mounted where it is, so that all rendered paths hold; nodes run as its owner, whose keys nobody
 * else may read. Nothing is kept in volumes.
 *
 * @param stateDir - absolute
 * @param owner - user and group id of the state folder
 * @param nodes - in any order
 */
export function renderCompose(stateDir: string, owner: string, nodes: readonly ComposedNode[]): string {
  const sorted = [...nodes].sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1));
  const services = sorted.map((node) => [hostNameOf(node.spec.name), serviceOf(stateDir, owner, node)]);
  return stringify(
    {
      services: Object.fromEntries(services) as object,
      networks: { default: { name: projectOf(stateDir), labels: { [stateLabel]: stateDir } } },
    },
    // docker-compose 1.29 reads YAML 1.1, to which `0:0` is a number.
    { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' },
  );
}

function serviceOf(stateDir: string, owner: string, { spec, image, command }: ComposedNode): object {
  // Programs lie in other places in the image than on this machine.
  const own = Object.entries(spec.env).filter(([name]) => name !== 'PATH');
  // The processes of a container are seen on this machine as well, by whoever asks what runs or who has a port.
  const env = [...own, [stateMarker, stateDir], [nodeMarker, spec.name]] as const;
  const ports = Object.values(spec.ports).map((port) => `127.0.0.1:${String(port)}:${String(port)}`);
  return {
    container_name: containerOf(stateDir, spec.name),
    hostname: hostNameOf(spec.name),
    image,
    ...(command === undefined ? {} : { command: command.map(literal) }),
    user: owner,
    init: true,
    // What a chaincode image brings along lies where its Dockerfile put it.
    ...(command === undefined ? {} : { working_dir: spec.cwd }),
    environment: Object.fromEntries(env.map(([name, value]) => [name, literal(value)])),
    volumes: volumesOf(stateDir, spec),
    ...(ports.length === 0 ? {} : { ports }),
    labels: { [stateLabel]: stateDir, [nodeLabel]: spec.name },
    stop_grace_period: '10s',
    // The engine's default keeps all logs without a limit.
    logging: { driver: 'json-file', options: { 'max-size': '20m', 'max-file': '3' } },
  };
}

function volumesOf(stateDir: string, { reads = [] }: NodeSpec): readonly string[] {
  const outside = reads.filter((folder) => !reads.some((other) => other !== folder && isWithin(folder, other)));
  return [`${stateDir}:${stateDir}`, ...outside.map((folder) => `${folder}:${folder}:ro`)];
}

function isWithin(folder: string, other: string): boolean {
  for (let parent = dirname(folder); parent !== dirname(parent); parent = dirname(parent)) {
    if (parent === other) return true;
  }
  return false;
}

/** Compose takes a dollar sign for the start of a variable. */
function literal(text: string): string {
  return text.replaceAll('$', '$$$$');
}
