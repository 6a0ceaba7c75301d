// SPDX-License-Identifier: Apache-2.0

import { Memory } from './memory';

describe('a memory', () => {
  const computed: string[] = [];
  const recall = (memory: Memory<string>, key: string): string =>
    memory.recall(key, () => {
      computed.push(key);
      return `of ${key}`;
    });
  beforeEach(() => computed.splice(0));

  test('computes once what it is asked again', () => {
    const memory = new Memory<string>(2);
    expect(['a', 'b', 'a', 'b'].map((key) => recall(memory, key))).toEqual(['of a', 'of b', 'of a', 'of b']);
    expect(computed).toEqual(['a', 'b']);
  });
  test('is no larger than its limit: the oldest is forgotten first', () => {
    const memory = new Memory<string>(2);
    for (const key of ['a', 'b', 'c', 'b', 'c', 'a', 'c', 'a', 'b']) recall(memory, key);
    expect(computed).toEqual(['a', 'b', 'c', 'a', 'b']);
  });
  test('does not remember what threw', () => {
    const memory = new Memory<string>(2);
    const fail = (): never => {
      throw new Error('no');
    };
    expect(() => memory.recall('a', fail)).toThrow('no');
    expect(recall(memory, 'a')).toBe('of a');
  });
});
