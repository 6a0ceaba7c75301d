// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';

import { NetworkError } from '../network-error';
import { crossReferenceFaults, type TopologyFault } from './cross-reference-faults';
import { topologySchema, type Topology } from './topology';

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
 * @throws NetworkError TOPOLOGY_INVALID with every fault found, each with file, line and what is allowed
 */
export function loadTopology(file: string): Topology {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new NetworkError('TOPOLOGY_INVALID', `${file} cannot be read`, 'Give the path of a topology file');
  }
  return parseTopology(text, file);
}

/**
 * Checks the text of a topology.
 *
 * @param text - YAML
 * @param file - the name to show in errors
 * @returns the checked topology, defaults filled in
 * @throws NetworkError TOPOLOGY_INVALID
 */
export function parseTopology(text: string, file: string): Topology {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntaxError] = document.errors;
  if (syntaxError !== undefined) {
    throw invalid([`${file}:${String(lines.linePos(syntaxError.pos[0]).line)}: ${firstLine(syntaxError.message)}`]);
  }
  const parsed = topologySchema.safeParse(document.toJS());
  const faults = parsed.success ? crossReferenceFaults(parsed.data) : parsed.error.issues.map(shapeFault);
  if (!parsed.success || faults.length > 0) {
    throw invalid(
      faults.map(({ path, message }) => {
        const line = lineOf(document, path, lines);
        return `${file}:${String(line)}: ${path.join('.') || 'document'}: ${message}`;
      }),
    );
  }
  return parsed.data;
}

function shapeFault(issue: z.core.$ZodIssue): TopologyFault {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const keys = issue.code === 'unrecognized_keys' ? issue.keys : [];
  return { path: [...path, ...keys.slice(0, 1)], message: issue.message };
}

/** Line of the innermost part of the path that the document has: a missing key is shown at what should hold it. */
function lineOf(document: Document, path: TopologyFault['path'], lines: LineCounter): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}

function invalid(faults: readonly string[]): NetworkError {
  const more = faults.length > 1 ? ` (and ${String(faults.length - 1)} more)` : '';
  return new NetworkError(
    'TOPOLOGY_INVALID',
    `${faults[0] ?? 'empty topology'}${more}`,
    'Correct the topology file',
    faults.join('\n'),
  );
}
