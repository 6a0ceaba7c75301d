// SPDX-License-Identifier: Apache-2.0

import { PegError, type PegErrorCode } from '../../client';
import { retryLagging } from './retry-lagging';

describe('a peer that lags', () => {
  const policy = retryLagging(['OUTBOX_UNKNOWN'], 3);
  /** Fails with these codes, one after another, and then succeeds. */
  const asking = (...codes: readonly PegErrorCode[]) => {
    const left = [...codes];
    let asked = 0;
    const ask = () => {
      asked += 1;
      const code = left.shift();
      return code === undefined ? Promise.resolve('answer') : Promise.reject(new PegError({ code }));
    };
    return { ask, asked: () => asked };
  };

  test('is asked again until it has caught up', async () => {
    const { ask, asked } = asking('OUTBOX_UNKNOWN', 'OUTBOX_UNKNOWN');
    await expect(policy.execute(ask)).resolves.toBe('answer');
    expect(asked()).toBe(3);
  });
  test('is not asked more often than that', async () => {
    const { ask, asked } = asking('OUTBOX_UNKNOWN', 'OUTBOX_UNKNOWN', 'OUTBOX_UNKNOWN');
    await expect(policy.execute(ask)).rejects.toMatchObject({ code: 'OUTBOX_UNKNOWN' });
    expect(asked()).toBe(3);
  });
  test('is not asked again after any other answer, nor when nobody wants one any more', async () => {
    const other = asking('PEER_UNAVAILABLE');
    await expect(policy.execute(other.ask)).rejects.toMatchObject({ code: 'PEER_UNAVAILABLE' });
    const unwanted = asking('OUTBOX_UNKNOWN');
    await expect(policy.execute(unwanted.ask, AbortSignal.abort())).rejects.toMatchObject({ code: 'OUTBOX_UNKNOWN' });
    expect([other.asked(), unwanted.asked()]).toEqual([1, 1]);
  });
});
