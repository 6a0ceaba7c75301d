// SPDX-License-Identifier: Apache-2.0

import { judgeLoad, underLoad } from './machine-load';

describe('time limits of the doctor', () => {
  test('stay as they are while there are processors to spare', () => {
    expect(judgeLoad(1.5, 2, 30)).toEqual({ factor: 1, description: 'load 1.5 on 2 processors' });
  });

  test('grow with the processes that wait for a processor', () => {
    expect(judgeLoad(9, 2, 30).factor).toBe(5);
  });

  test('grow when the asking process itself is late, which is said', () => {
    expect(judgeLoad(0, 2, 900)).toEqual({
      factor: 5,
      description: 'load 0.0 on 2 processors, and gridpeg itself was up to 900 ms late',
    });
  });

  test('stay whole numbers of milliseconds, which is all that Node takes', () => {
    for (const load of [2.01, 3.3, 10.37, 19.99]) {
      const { factor } = judgeLoad(load, 2, load * 33.3);
      expect(() => AbortSignal.timeout(1500 * factor)).not.toThrow();
    }
  });

  test('stay bounded', () => {
    expect(judgeLoad(500, 2, 30).factor).toBe(10);
  });

  test('see that this process could not run', async () => {
    const { result, load } = await underLoad(async () => {
      await new Promise((resolve) => setTimeout(resolve, 50));
      for (const until = performance.now() + 600; performance.now() < until;);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return 'done';
    });
    expect(result).toBe('done');
    expect(load.factor).toBeGreaterThan(2);
    expect(load.description).toContain('gridpeg itself was up to');
  });
});
