// SPDX-License-Identifier: Apache-2.0

import { BoundedCache } from './bounded-cache';

describe('a bounded cache', () => {
  const computed: string[] = [];
  const get = (cache: BoundedCache<string>, key: string): string | undefined =>
    cache.getOrCompute(key, () => {
      computed.push(key);
      return `of ${key}`;
    });
  const bounds = { entries: 2, characters: 100 };
  beforeEach(() => computed.splice(0));

  test('computes once what it is asked again', () => {
    const cache = new BoundedCache<string>(bounds);
    expect(['a', 'b', 'a', 'b'].map((key) => get(cache, key))).toEqual(['of a', 'of b', 'of a', 'of b']);
    expect(computed).toEqual(['a', 'b']);
  });
  test('holds no more entries than it may: the oldest goes first', () => {
    const cache = new BoundedCache<string>(bounds);
    for (const key of ['a', 'b', 'c', 'b', 'c', 'a', 'c', 'a', 'b']) get(cache, key);
    expect(computed).toEqual(['a', 'b', 'c', 'a', 'b']);
  });
  test('holds no more characters than it may, however few entries they are', () => {
    const cache = new BoundedCache<string>({ entries: 100, characters: 10 });
    for (const key of ['aaaa', 'bbbb', 'cc', 'aaaa', 'ddddd', 'cc', 'bbbb']) get(cache, key);
    expect(computed).toEqual(['aaaa', 'bbbb', 'cc', 'ddddd', 'bbbb']);
  });
  test('computes what is larger than the whole cache each time, and keeps the rest', () => {
    const cache = new BoundedCache<string>({ entries: 100, characters: 4 });
    for (const key of ['b', 'aaaaa', 'aaaaa', 'b']) get(cache, key);
    expect(computed).toEqual(['b', 'aaaaa', 'aaaaa']);
  });
  test('keeps neither what threw nor what there is none of', () => {
    const cache = new BoundedCache<string>(bounds);
    const fail = (): never => {
      throw new Error('no');
    };
    expect(() => cache.getOrCompute('a', fail)).toThrow('no');
    expect(cache.getOrCompute('a', () => undefined)).toBeUndefined();
    expect(get(cache, 'a')).toBe('of a');
  });
  test('T40: lets what there is none of take no place of what is there', () => {
    const cache = new BoundedCache<string>(bounds);
    for (const key of ['a', 'b']) get(cache, key);
    for (const key of ['c', 'd']) cache.getOrCompute(key, () => undefined);
    for (const key of ['a', 'b']) get(cache, key);
    expect(computed).toEqual(['a', 'b']);
  });
});
