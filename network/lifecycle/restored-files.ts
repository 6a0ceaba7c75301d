// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { Topology } from '../topology/topology';
import { renameDurable, writeFileAtomic, writeJson } from '../write-file-atomic';
import { parseState } from './network-state';
import { readPlan } from './plan';
import { OWNERSHIP_MARK, RESTORE_DECISION, RESTORING } from './state-folder';

/** Without it, gridpeg takes a state folder for one whose network is not complete: it goes first and comes last. */
const DESCRIPTION = 'network.json';

/** Makes the empty folder that a restored network is unpacked into. What an interrupted restore left there is removed. */
export function stageRestored(stateDir: string): string {
  rmSync(join(stateDir, RESTORING), { recursive: true, force: true });
  const files = waitingFiles(stateDir);
  mkdirSync(files, { recursive: true, mode: 0o700 });
  return files;
}

/** From here on the staged network is the one in this folder, whatever happens; `finishRestore` moves its files. */
export function decideForRestored(stateDir: string): void {
  writeJson(decisionFile(stateDir), readdirSync(waitingFiles(stateDir)));
}

/**
 * Ends a restore that was interrupted: forgets one that was not decided, completes one that was. May be interrupted itself.
 *
 * @param stateDir - exists, locked
 */
export async function finishRestore(stateDir: string): Promise<void> {
  const decision = decisionFile(stateDir);
  if (existsSync(decision)) {
    const entries = parseState(z.array(z.string()), decision);
    const files = waitingFiles(stateDir);
    const waiting = readdirSync(files);
    const kept = new Set([RESTORING, OWNERSHIP_MARK, ...entries.filter((entry) => !waiting.includes(entry))]);
    const old = readdirSync(stateDir).filter((entry) => !kept.has(entry));
    for (const entry of lastIs(DESCRIPTION, old).reverse()) {
      await rm(join(stateDir, entry), { recursive: true, force: true, maxRetries: 5 });
    }
    for (const entry of lastIs(DESCRIPTION, waiting)) renameDurable(join(files, entry), join(stateDir, entry));
  }
  await rm(join(stateDir, RESTORING), { recursive: true, force: true, maxRetries: 5 });
}

/** The topology of the network in a folder, with all chains that were added to it, if there is or will be one. */
export function topologyOf(stateDir: string): Topology | undefined {
  const restored = existsSync(decisionFile(stateDir)) ? readPlan(waitingFiles(stateDir)) : undefined;
  return (restored ?? readPlan(stateDir))?.topology;
}

/**
 * Makes the files of a network speak of the folder that it goes to. Nothing else than these files needs it: `up` renders
 * whatever nodes read anew.
 *
 * @param dir - where the files lie now
 */
export function relocate(dir: string, from: string, to: string): void {
  const nodes = join(dir, 'nodes');
  const ofNodes = existsSync(nodes) ? readdirSync(nodes).map((node) => join(nodes, node, 'node.json')) : [];
  const own = readdirSync(dir).filter((entry) => entry.endsWith('.json'));
  for (const file of [...own.map((entry) => join(dir, entry)), ...ofNodes].filter(existsSync)) {
    writeFileAtomic(file, withPath(readFileSync(file, 'utf8'), from, to));
  }
}

/** A text with one path for another wherever it, or what is in it, is named. */
export function withPath(text: string, from: string, to: string): string {
  const literally = from.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`(?<![\\w./-])${literally}(?![\\w.-])`, 'g'), () => to);
}

function lastIs(name: string, entries: readonly string[]): string[] {
  return [...entries.filter((entry) => entry !== name), ...entries.filter((entry) => entry === name)];
}

function waitingFiles(stateDir: string): string {
  return join(stateDir, RESTORING, 'files');
}

function decisionFile(stateDir: string): string {
  return join(stateDir, RESTORE_DECISION);
}
