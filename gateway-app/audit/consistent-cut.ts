// SPDX-License-Identifier: Apache-2.0

import { type AuditBlock } from './audit-block';
import { auditedKey, parseRecord } from './ledger-record';

/** A chain's blocks as read; those below `floor` had been read before the others were asked for. */
export interface BlocksRead {
  readonly blocks: readonly AuditBlock[];
  /** Number of blocks of the first reading. */
  readonly floor: bigint;
}

/**
 * Cuts newer blocks off until no block refers to one that was not read: a receipt needs its packet, a settlement its receipt.
 *
 * References point back in time, so every block of the first reading of all chains stays, with all that it refers to. A reference of such
 * a block that is still open is no matter of timing; it stays and becomes a finding.
 *
 * @returns how many blocks of each chain to audit
 */
export function consistentCut(chains: readonly BlocksRead[]): readonly number[] {
  const references = chains.map(({ blocks }) => blocks.map(referencesOf));
  const cut = chains.map(({ blocks }) => blocks.length);
  for (;;) {
    const given = new Set(
      references.flatMap((blocks, chain) => blocks.slice(0, cut[chain]).flatMap(({ gives }) => gives)),
    );
    const shorter = references.map((blocks, chain) => {
      const open = blocks.findIndex(
        ({ needs }, index) =>
          BigInt(index) >= (chains[chain]?.floor ?? 0n) &&
          index < (cut[chain] ?? 0) &&
          needs.some((name) => !given.has(name)),
      );
      return open < 0 ? (cut[chain] ?? 0) : open;
    });
    if (shorter.every((length, chain) => length === cut[chain])) return cut;
    cut.splice(0, cut.length, ...shorter);
  }
}

interface References {
  readonly gives: readonly string[];
  readonly needs: readonly string[];
}

function referencesOf({ transactions }: AuditBlock): References {
  const gives: string[] = [];
  const needs: string[] = [];
  for (const { key, value } of transactions.flatMap(({ writes }) => writes)) {
    const found = auditedKey(key);
    if (found === undefined || value === undefined) continue;
    const [id = ''] = found.attributes;
    if (found.type === 'outbox') {
      const packets = parseRecord('outbox', found.attributes, value)?.packets ?? [];
      gives.push(...packets.map((packet) => `packet ${packet.id}`));
    } else if (found.type === 'receipt') {
      gives.push(`receipt ${id}`);
      needs.push(`packet ${id}`);
    } else if (found.type === 'settled') needs.push(`receipt ${id}`);
  }
  return { gives, needs };
}
