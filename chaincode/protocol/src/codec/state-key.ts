// SPDX-License-Identifier: Apache-2.0

/** Every object type on a ledger; docs/spec/06-ledger.md. */
export type ObjectType =
  | 'configuration'
  | 'approval'
  | 'chain'
  | 'asset'
  | 'asset-standing'
  | 'asset-usage'
  | 'trust'
  | 'former-trust'
  | 'lane'
  | 'note'
  | 'escrow'
  | 'supply'
  | 'outbox'
  | 'lane-inflight'
  | 'inflight'
  | 'settled'
  | 'receipt'
  | 'usage'
  | 'standing'
  | 'notary'
  | 'replacement'
  | 'proposal'
  | 'consent'
  | 'committee'
  | 'absence'
  | 'evidence';

/** Fabric's composite key: U+0000, object type, U+0000, then each attribute and U+0000. */
export function stateKey(type: ObjectType, ...attributes: readonly string[]): string {
  return `\u0000${[type, ...attributes].map((part) => `${part}\u0000`).join('')}`;
}

/** Splits a composite key; undefined when it is none. For readers of blocks. */
export function parseStateKey(
  key: string,
): { readonly type: string; readonly attributes: readonly string[] } | undefined {
  if (!key.startsWith('\u0000') || !key.endsWith('\u0000')) return undefined;
  const [type, ...attributes] = key.slice(1, -1).split('\u0000');
  return type === undefined ? undefined : { type, attributes };
}

/** A note's attributes are the parts of its id, so that the owner tag is a prefix. */
export function noteKeyAttributes(noteId: string): readonly string[] {
  return noteId.split('-');
}
