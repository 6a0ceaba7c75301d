// SPDX-License-Identifier: Apache-2.0

import { LedgerReadiness } from './ledger-readiness';

describe('whether a ledger can be read', () => {
  const heights = (own: bigint | undefined, ...others: ReadonlyArray<bigint | undefined>) => [
    { mspId: 'GridMSP', height: own },
    ...others.map((height, index) => ({ mspId: `Other${index.toString()}MSP`, height })),
  ];

  test('it can when the own peer has what others had a moment ago', () => {
    const readiness = new LedgerReadiness('GridMSP');
    expect(readiness.judge(heights(5n, 9n, 9n))).toBeUndefined();
    expect(readiness.judge(heights(9n, 12n, 12n))).toBeUndefined();
  });
  test('it cannot when the own peer lags behind that, until it has caught up', () => {
    const readiness = new LedgerReadiness('GridMSP');
    readiness.judge(heights(5n, 9n, 9n));
    expect(readiness.judge(heights(8n, 9n, 9n))).toBe('SOURCE_BEHIND');
    expect(readiness.judge(heights(9n, 9n, 9n))).toBeUndefined();
  });
  test('it cannot when the own peer does not answer, though others do', () => {
    expect(new LedgerReadiness('GridMSP').judge(heights(undefined, 9n, 9n))).toBe('SOURCE_UNAVAILABLE');
  });
  test('one of two own peers is enough', () => {
    const two = [...heights(undefined, 9n), { mspId: 'GridMSP', height: 9n }];
    const readiness = new LedgerReadiness('GridMSP');
    expect([readiness.judge(two), readiness.judge(two)]).toEqual([undefined, undefined]);
  });
  test('an organization without a peer reads what others have', () => {
    const readiness = new LedgerReadiness('NewMSP');
    expect(readiness.judge(heights(9n, 9n))).toBeUndefined();
    expect(readiness.judge(heights(undefined, undefined))).toBe('PEER_UNAVAILABLE');
    expect(readiness.judge([])).toBe('PEER_UNAVAILABLE');
  });
  test('T34: one peer that boasts makes nobody unready', () => {
    const readiness = new LedgerReadiness('GridMSP');
    readiness.judge(heights(9n, 9n, 1_000_000n));
    expect(readiness.judge(heights(9n, 9n, 1_000_000n))).toBeUndefined();
  });
});
