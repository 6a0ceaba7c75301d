// SPDX-License-Identifier: Apache-2.0

import { decode, encode, stateKey, type ObjectType, type Shape } from '@gridpeg/protocol';
import type { ChaincodeStub } from 'fabric-shim';

/** The part of Fabric's stub that touches state. */
export type StateStub = Pick<
  ChaincodeStub,
  'getState' | 'putState' | 'deleteState' | 'getStateByPartialCompositeKeyWithPagination'
>;

/** One page of a listing. */
export interface Page<T> {
  readonly entries: readonly T[];
  readonly bookmark: string;
}

/**
 * Records under composite keys, in their canonical encoding.
 *
 * Reads go one after another: the Node shim has one state message under way at a time.
 */
export class StateStore {
  readonly #stub: StateStub;

  constructor(stub: StateStub) {
    this.#stub = stub;
  }

  async get<T>(shape: Shape<T>, type: ObjectType, ...attributes: readonly string[]): Promise<T | undefined> {
    const bytes = await this.#stub.getState(stateKey(type, ...attributes));
    return bytes.length === 0 ? undefined : decode(shape, Buffer.from(bytes).toString('utf8'));
  }

  /** What there is, by id; each id is read once. */
  async each<K, T>(ids: readonly K[], read: (id: K) => Promise<T | undefined>): Promise<ReadonlyMap<K, T>> {
    const found = new Map<K, T>();
    for (const id of new Set(ids)) {
      const value = await read(id);
      if (value !== undefined) found.set(id, value);
    }
    return found;
  }

  put<T>(key: string, shape: Shape<T>, value: NoInfer<T>): Promise<void> {
    return this.#stub.putState(key, Buffer.from(encode(shape, value), 'utf8'));
  }

  delete(key: string): Promise<void> {
    return this.#stub.deleteState(key);
  }

  /** Never called by a transaction that writes. */
  async list<T>(
    shape: Shape<T>,
    type: ObjectType,
    attributes: string[],
    pageSize: number,
    bookmark: string,
  ): Promise<Page<T>> {
    const page = await this.#stub.getStateByPartialCompositeKeyWithPagination(type, attributes, pageSize, bookmark);
    const entries: T[] = [];
    for (let next = await page.iterator.next(); !next.done; next = await page.iterator.next()) {
      entries.push(decode(shape, Buffer.from(next.value.value).toString('utf8')));
    }
    await page.iterator.close();
    return { entries, bookmark: bookmarkOf(page) };
  }
}

/** The shim leaves the metadata of an empty page out, whatever its types say. */
function bookmarkOf({ metadata }: { readonly metadata?: { readonly bookmark: string } }): string {
  return metadata?.bookmark ?? '';
}
