// SPDX-License-Identifier: Apache-2.0

import { hedgedRequest } from './hedged-request';

describe('the first of several ways that succeeds', () => {
  const waiting = (cancelled: string[], name: string) => (signal: AbortSignal) =>
    new Promise<string>((_, reject) => {
      signal.addEventListener('abort', () => {
        cancelled.push(name);
        reject(new Error('cancelled'));
      });
    });

  test('T34: cancels all others that are under way, and starts no further one', async () => {
    const cancelled: string[] = [];
    const last = jest.fn(() => Promise.resolve('too late'));
    const ways = [waiting(cancelled, 'first'), waiting(cancelled, 'second'), () => Promise.resolve('third'), last];
    await expect(hedgedRequest(ways, 10)).resolves.toBe('third');
    expect(cancelled).toEqual(['first', 'second']);
    expect(last).not.toHaveBeenCalled();
  });

  test('does not cancel the one that succeeded', async () => {
    let own: AbortSignal | undefined;
    await hedgedRequest([(signal) => Promise.resolve((own = signal))], 10);
    expect(own?.aborted).toBe(false);
  });

  test('fails as the first one did when all have failed', async () => {
    const ways = ['one', 'two'].map((reason) => () => Promise.reject(new Error(reason)));
    await expect(hedgedRequest(ways, 10)).rejects.toThrow('one');
  });
});
