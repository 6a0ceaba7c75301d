// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import type { Topology } from '../topology/topology';
import { renameDurable, writeFileAtomic, writeJson } from '../runtime/write-file-atomic';
import { parseState } from './network-state';
import { readPlan } from './plan';
import { ownershipMark, planFileName, restoreDecision, restoringFolder } from './state-folder';

/** Without it, gridpeg takes a state folder for one whose network is not complete: it goes first and comes last. */
const description = 'network.json';

/**
 * Makes the empty folder that a restored network is unpacked into. What an interrupted restore left there is removed.
 */
export function stageRestored(stateDir: string): string {
  rmSync(join(stateDir, restoringFolder), { recursive: true, force: true });
  const files = waitingFiles(stateDir);
  mkdirSync(files, { recursive: true, mode: 0o700 });
  return files;
}

/** From here on the staged network is the one in this folder, whatever happens; `finishRestore` moves its files. */
export function decideForRestored(stateDir: string): void {
  writeJson(decisionFile(stateDir), readdirSync(waitingFiles(stateDir)));
}

/**
 * Ends a restore that was interrupted: forgets one that was not decided, completes one that was. May be interrupted
 * itself.
 *
 * @param stateDir - exists, locked
 */
export async function finishRestore(stateDir: string): Promise<void> {
  if (existsSync(decisionFile(stateDir))) {
    const files = waitingFiles(stateDir);
    const waiting = existsSync(files) ? readdirSync(files) : [];
    // With nothing left to come there is nothing left to go.
    const present = waiting.length === 0 ? [] : readdirSync(stateDir);
    const kept = new Set([restoringFolder, ownershipMark, ...movedEntries(stateDir, waiting)]);
    const old = present.filter((entry) => !kept.has(entry));
    for (const entry of inOrder(old).reverse()) {
      await rm(join(stateDir, entry), { recursive: true, force: true, maxRetries: 5 });
    }
    for (const entry of inOrder(waiting)) renameDurable(join(files, entry), join(stateDir, entry));
  }
  await rm(join(stateDir, restoringFolder), { recursive: true, force: true, maxRetries: 5 });
}

/**
 * What was moved into place already. The decision lists it; where it cannot be read, the order shows it: the plan is
 * the last of the old files to go and the first of the new ones to come, so that once it has come nothing old is left.
 */
function movedEntries(stateDir: string, waiting: readonly string[]): readonly string[] {
  const listed = listedEntries(stateDir) ?? (waiting.includes(planFileName) ? [] : readdirSync(stateDir));
  return listed.filter((entry) => !waiting.includes(entry));
}

function listedEntries(stateDir: string): readonly string[] | undefined {
  try {
    return parseState(z.array(z.string()), decisionFile(stateDir));
  } catch {
    return undefined;
  }
}

/** The topology of the network in a folder, with all chains that were added to it, if there is or will be one. */
export function topologyOf(stateDir: string): Topology | undefined {
  const restored = existsSync(decisionFile(stateDir)) ? readPlan(waitingFiles(stateDir)) : undefined;
  return (restored ?? readPlan(stateDir))?.topology;
}

/**
 * Makes the files of a network speak of the folder that it goes to. Nothing else than these files needs it: `up`
 * renders again whatever nodes read.
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

/** The order in which files come; they go in the reverse one. */
function inOrder(entries: readonly string[]): string[] {
  const rank = (entry: string): number => (entry === planFileName ? 0 : entry === description ? 2 : 1);
  return [...entries].sort((a, b) => rank(a) - rank(b));
}

function waitingFiles(stateDir: string): string {
  return join(stateDir, restoringFolder, 'files');
}

function decisionFile(stateDir: string): string {
  return join(stateDir, restoreDecision);
}
