// SPDX-License-Identifier: Apache-2.0

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

import { z } from 'zod';

import { nodeKinds, type Driver, type NodeSpec } from '../drivers/driver/driver';
import { NetworkError } from '../runtime/network-error';
import { nodeDir } from '../render/layout';
import { writeJson } from '../runtime/write-file-atomic';
import { parseState } from './network-state';

const nodeSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(nodeKinds),
  organization: z.string(),
  chain: z.string().optional(),
  command: z.array(z.string()).readonly(),
  env: z.record(z.string(), z.string()).readonly(),
  cwd: z.string(),
  reads: z.array(z.string()).readonly().optional(),
  ports: z.record(z.string(), z.int()).readonly(),
});

/** Every node that was ever started in a network, by name. */
export function registeredNodes(stateDir: string): readonly NodeSpec[] {
  const folder = join(stateDir, 'nodes');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => readRegistration(stateDir, name) ?? []);
}

/** How a node is run, if it was ever started. @throws NetworkError STATE_UNREADABLE, STATE_VERSION */
export function readRegistration(stateDir: string, name: string): NodeSpec | undefined {
  const file = specFile(stateDir, name);
  return existsSync(file) ? parseState(nodeSchema, file) : undefined;
}

/** @throws NetworkError NODE_UNKNOWN with the names there are */
export function registeredNode(stateDir: string, name: string): NodeSpec {
  const nodes = registeredNodes(stateDir);
  const node = nodes.find((candidate) => candidate.name === name);
  if (node === undefined) {
    const names = nodes.map((candidate) => candidate.name).join(', ');
    throw new NetworkError('NODE_UNKNOWN', `there is no node "${name}"`, `Name one of ${names || '(none yet)'}.`);
  }
  return node;
}

/**
 * Starts a node if it is dead or is to run otherwise than it does, and remembers how.
 *
 * @returns whether it runs otherwise than before
 */
export async function ensureRunning(stateDir: string, driver: Driver, spec: NodeSpec): Promise<boolean> {
  const known = registration(stateDir, spec);
  if (known === 'other') await driver.stop(spec.name);
  // Should it be dead, it starts as its caller has it now.
  writeJson(specFile(stateDir, spec.name), spec);
  await driver.start(spec);
  return known !== 'same';
}

/** Whether a node was started before, as it is to be started now or otherwise. */
export function registration(stateDir: string, spec: NodeSpec): 'none' | 'same' | 'other' {
  const known = readRegistration(stateDir, spec.name);
  if (known === undefined) return 'none';
  return comparableSpec(known) === comparableSpec(spec) ? 'same' : 'other';
}

/**
 * What a node runs as. Where whoever started it found programs is no part of that: neither the search path, nor which
 * of a machine's Nodes ran the command.
 */
function comparableSpec(spec: NodeSpec): string {
  // Parsed, so that both sides have their keys in the order of the schema.
  const { command, env, ...rest } = nodeSchema.parse(spec);
  const [program = '', ...parameters] = command;
  const named = basename(program) === 'node' ? 'node' : program;
  return JSON.stringify({ ...rest, command: [named, ...parameters], env: { ...env, PATH: '' } });
}

/** Forgets a node, which must be dead; its log stays. */
export function forgetNode(stateDir: string, name: string): void {
  rmSync(nodeDir(stateDir, name), { recursive: true, force: true });
}

function specFile(stateDir: string, name: string): string {
  return join(nodeDir(stateDir, name), 'node.json');
}
