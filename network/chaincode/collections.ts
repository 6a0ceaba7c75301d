// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';

import { checkNesting } from '../runtime/check-nesting';
import { NetworkError } from '../runtime/network-error';
import { collectionsSchema, type Collections } from '../topology/collections';

/**
 * Checks private data collections, and puts their fields in the one order in which they are written and compared.
 *
 * @param value - an array in the form of Fabric's collection configuration
 * @param source - what to call it in errors, such as its file
 * @throws NetworkError COLLECTIONS_INVALID
 */
export function parseCollections(value: unknown, source: string): Collections {
  const parsed = collectionsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'document'}: ${message}`);
  throw invalid(`${source} is no collection configuration: ${faults[0] ?? ''}`, faults.join('\n'));
}

/**
 * Reads a collection configuration as `peer lifecycle chaincode --collections-config` takes it.
 *
 * @throws NetworkError COLLECTIONS_INVALID, NESTING_TOO_DEEP; Error of the system when the file cannot be read
 */
export function readCollections(file: string): Collections {
  const text = readFileSync(file, 'utf8');
  checkNesting(text, file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(`${file} is not JSON`, error instanceof Error ? error.message : String(error));
  }
  return parseCollections(value, file);
}

/** Whether two definitions have the same collections; having none is the same as an empty list. */
export function areSameCollections(one: Collections | undefined, other: Collections | undefined): boolean {
  return JSON.stringify(one ?? []) === JSON.stringify(other ?? []);
}

/**
 * Refuses what Fabric refuses to approve: an upgrade that drops a collection, or lets its data live for another time.
 *
 * @throws NetworkError COLLECTIONS_INVALID
 */
export function requireUpgradable(current: Collections | undefined, wanted: Collections | undefined): void {
  for (const { name, blockToLive } of current ?? []) {
    const next = (wanted ?? []).find((candidate) => candidate.name === name);
    if (next === undefined) throw invalid(`collection ${name} exists and is missing in the new configuration`);
    if (next.blockToLive !== blockToLive) {
      throw invalid(`blockToLive of collection ${name} is ${String(blockToLive)} and cannot change`);
    }
  }
}

function invalid(summary: string, detail?: string): NetworkError {
  return new NetworkError('COLLECTIONS_INVALID', summary, 'Correct the collections and try again.', detail);
}
