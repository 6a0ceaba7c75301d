// SPDX-License-Identifier: Apache-2.0

import { type MeasuredWindow } from '../measure/measure';
import { sliceOf } from './subject';

const window: MeasuredWindow = {
  startMs: 1_000,
  endMs: 3_000,
  cpu: {
    secondsByKind: { orderer: 0.1, peer: 1, chaincode: 0.5, notary: 0.1, generator: 0.3 },
    secondsByChain: {},
    otherSeconds: 9,
    generatorShare: 0.15,
  },
};
const ended = (count: number): Parameters<typeof sliceOf>[0] => ({
  name: 'note transfer',
  load: () => Promise.resolve(),
  turn: 32,
  count: () => count,
});

describe('sliceOf', () => {
  it('divides by the length of the window and by what ended in it, and leaves out what the machine did besides', () => {
    expect(sliceOf(ended(100), window)).toEqual({ perSecond: 50, cpuMs: 20 });
  });

  it('refuses a slice in which nothing ended: no ratio can be made of it', () => {
    expect(() => sliceOf(ended(0), window)).toThrow('note transfer: nothing ended within 2.0 s');
  });
});
