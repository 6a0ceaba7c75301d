// SPDX-License-Identifier: Apache-2.0

import { decode, encode, stateKey, type ObjectType, type Codec } from '@gridpeg/protocol';
import { getStates, writeStates, type StateStub, type Write } from '../shim/state-messages';

/** One page of a listing. */
export interface Page<T> {
  readonly entries: readonly T[];
  readonly bookmark: string;
}

/**
 * Records under composite keys, in their canonical encoding.
 *
 * What is asked for before anything is awaited goes to the peer together, reads and writes apart.
 */
export class StateStore {
  readonly #stub: StateStub;
  readonly #reads: Batcher<string, ReadonlyMap<string, Uint8Array>>;
  readonly #writes: Batcher<Write, void>;

  constructor(stub: StateStub) {
    this.#stub = stub;
    this.#reads = new Batcher((keys) => getStates(stub, keys));
    this.#writes = new Batcher((writes) => writeStates(stub, writes));
  }

  async get<T>(codec: Codec<T>, type: ObjectType, ...attributes: readonly string[]): Promise<T | undefined> {
    const key = stateKey(type, ...attributes);
    const bytes = (await this.#reads.add(key)).get(key);
    // Peers answer without values, not with an error, when their database fails.
    if (bytes === undefined) throw new Error(`the peer did not say what ${type} it has`);
    return bytes.length === 0 ? undefined : decode(codec, Buffer.from(bytes).toString('utf8'));
  }

  /** What there is, by id; each id is read once. */
  async each<K, T>(ids: readonly K[], read: (id: K) => Promise<T | undefined>): Promise<ReadonlyMap<K, T>> {
    const entries = await Promise.all([...new Set(ids)].map(async (id) => [id, await read(id)] as const));
    return new Map(entries.flatMap(([id, value]) => (value === undefined ? [] : [[id, value] as const])));
  }

  /** @throws Error for a record that its own codec would not read back: stored, it would stop all that reads it */
  async put<T>(key: string, codec: Codec<T>, value: NoInfer<T>): Promise<void> {
    await this.#writes.add({ key, value: Buffer.from(encodeReadable(key, codec, value), 'utf8') });
  }

  delete(key: string): Promise<void> {
    return this.#writes.add({ key });
  }

  /** Never called by a transaction that writes. */
  async list<T>(
    codec: Codec<T>,
    type: ObjectType,
    attributes: string[],
    pageSize: number,
    bookmark: string,
  ): Promise<Page<T>> {
    const page = await this.#stub.getStateByPartialCompositeKeyWithPagination(type, attributes, pageSize, bookmark);
    const entries: T[] = [];
    for (let next = await page.iterator.next(); !next.done; next = await page.iterator.next()) {
      entries.push(decode(codec, Buffer.from(next.value.value).toString('utf8')));
    }
    await page.iterator.close();
    // A page that is not full is the last one, whatever bookmark the peer's database gives with it.
    return { entries, bookmark: entries.length < pageSize ? '' : bookmarkOf(page) };
  }
}

function encodeReadable<T>(key: string, codec: Codec<T>, value: NoInfer<T>): string {
  const text = encode(codec, value);
  try {
    decode(codec, text);
  } catch (cause) {
    throw new Error(`what would be stored under ${JSON.stringify(key)} cannot be read back`, { cause });
  }
  return text;
}

/** The shim leaves the metadata of an empty page out, whatever its types say. */
function bookmarkOf({ metadata }: { readonly metadata?: { readonly bookmark: string } }): string {
  return metadata?.bookmark ?? '';
}

/** Collects items that are added one by one, and processes them together once the code that adds them awaits. */
class Batcher<Item, Result> {
  #open: { readonly items: Item[]; readonly answer: Promise<Result> } | undefined;

  constructor(readonly process: (items: readonly Item[]) => Promise<Result>) {}

  add(item: Item): Promise<Result> {
    this.#open ??= this.#begin();
    this.#open.items.push(item);
    return this.#open.answer;
  }

  #begin(): { readonly items: Item[]; readonly answer: Promise<Result> } {
    const items: Item[] = [];
    const answer = Promise.resolve().then(() => {
      this.#open = undefined;
      return this.process(items);
    });
    return { items, answer };
  }
}
