// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';

import { checkNesting } from '../runtime/check-nesting';
import { NetworkError } from '../runtime/network-error';
import { crossReferenceFaults } from './cross-reference-faults';
import { shapeFaults } from './shape-faults';
import { topologySchema, type Topology } from './topology';
import type { TopologyFault } from './topology-fault';

/**
 * Names the file of a topology that comes with the package.
 *
 * @param name - its name without extension, for example `dev`
 * @returns an absolute path; whether the file exists is found out by `loadTopology`
 */
export function builtInTopology(name: string): string {
  return join(__dirname, '..', '..', 'topologies', `${name}.yaml`);
}

/**
 * Reads and checks a topology file.
 *
 * @param file - path of a YAML file
 * @returns the checked topology, defaults filled in
 * @throws NetworkError TOPOLOGY_INVALID with every fault found, each with file, line and what is allowed;
 *   NESTING_TOO_DEEP
 */
export function loadTopology(file: string): Topology {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new NetworkError('TOPOLOGY_INVALID', `${file} cannot be read`, 'Give the path of a topology file.');
  }
  return parseTopology(text, file);
}

/**
 * Checks the text of a topology.
 *
 * @param text - YAML
 * @param file - the name to show in errors
 * @returns the checked topology, defaults filled in
 * @throws NetworkError TOPOLOGY_INVALID, NESTING_TOO_DEEP
 */
export function parseTopology(text: string, file: string): Topology {
  checkNesting(text, file);
  const lines = new LineCounter();
  // Fabric's own files merge with "<<", so whoever writes one expects it to work.
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const [syntaxError] = [...document.errors, ...document.warnings];
  if (syntaxError !== undefined) {
    throw invalid([`${file}:${String(lines.linePos(syntaxError.pos[0]).line)}: ${firstLine(syntaxError.message)}`]);
  }
  const parsed = topologySchema.safeParse(plainValue(document, text, file));
  const faults = parsed.success
    ? crossReferenceFaults(parsed.data)
    : parsed.error.issues.flatMap((issue) => shapeFaults(issue, topologySchema));
  if (!parsed.success || faults.length > 0) {
    const placed = faults.map((fault) => ({ ...fault, line: lineOf(document, fault.path, lines) }));
    throw invalid(
      placed
        .sort((a, b) => a.line - b.line)
        .map(({ path, line, message }) => `${file}:${String(line)}: ${path.join('.') || 'document'}: ${message}`),
    );
  }
  return parsed.data;
}

/** What the document says, its anchors followed; an anchor that is not there is found out only now. */
function plainValue(document: Document.Parsed, text: string, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    const message = error instanceof Error ? firstLine(error.message) : String(error);
    const [, alias] = /: ([^\s:]+)$/.exec(message) ?? [];
    const line = text.split('\n').findIndex((candidate) => alias !== undefined && candidate.includes(`*${alias}`));
    throw invalid([`${file}:${String(line + 1 || 1)}: ${message}`]);
  }
}

/**
 * Line of the innermost part of the path that the document has, by its key where it has one: a missing key is shown at
 * what should hold it, and what comes through an alias at the alias.
 */
function lineOf(document: Document, path: TopologyFault['path'], lines: LineCounter): number {
  let node: unknown = document.contents;
  let place = node;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) break;
      place = pair.key;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      place = node;
    } else break;
  }
  return isNode(place) ? lineAt(place, lines) : 1;
}

function lineAt({ range }: Node, lines: LineCounter): number {
  return range ? lines.linePos(range[0]).line : 1;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}

function invalid(faults: readonly string[]): NetworkError {
  const more = faults.length > 1 ? ` (and ${String(faults.length - 1)} more)` : '';
  return new NetworkError(
    'TOPOLOGY_INVALID',
    `${faults[0] ?? 'empty topology'}${more}`,
    'Correct the topology file.',
    faults.join('\n'),
  );
}
