// SPDX-License-Identifier: Apache-2.0

import { ratiosOf } from './ratios';

type Input = Parameters<typeof ratiosOf>[0];
type SingleChain = Input['singleChain'][number];
type CrossChain = Input['crossChain'][number];
type EndToEnd = Input['endToEnd'][number];

const lane = { source: 'city', destination: 'microgrid' };
const rounds = 12;

/** A machine whose speed falls to a third while the bench runs: what one subject did, in the middle of its slices. */
const drifting = (perSecond: number, cpuMs: number): SingleChain['slices'] =>
  Array.from({ length: rounds }, (_, round) => {
    const speed = 1 - (round * 2) / (3 * rounds);
    return { perSecond: perSecond * speed, cpuMs: cpuMs / speed };
  });

const singleChain = (name: string, chain: string, slices: SingleChain['slices']): SingleChain =>
  ({ name, chain, slices }) as SingleChain;
const crossChain = (packetsPerSend: number, slices: CrossChain['slices']): CrossChain =>
  ({ packetsPerSend, slices }) as CrossChain;

const figures: Input = {
  singleChain: [
    singleChain('yardstick', 'city', drifting(100, 20)),
    singleChain('note transfer', 'city', drifting(125, 15)),
    singleChain('note transfer', 'microgrid', drifting(150, 12)),
  ],
  crossChain: [crossChain(50, drifting(75, 8)), crossChain(1, drifting(10, 90).slice(0, 1))],
  endToEnd: [],
};

describe('ratiosOf', () => {
  it('compares round by round, so that a machine that slows down changes no ratio', () => {
    const found = ratiosOf(figures, lane).map(({ name, lower, middle, upper }) => [name, lower, middle, upper]);
    expect(found).toEqual([
      ['note transfers / yardstick', 1.25, 1.25, 1.25],
      ['CPU of a note transfer / of the yardstick', 0.75, 0.75, 0.75],
      ['cross-chain at 50 / note transfers on the source', 0.6, 0.6, 0.6],
      ['cross-chain at 50 / note transfers on the destination', 0.5, 0.5, 0.5],
    ]);
  });

  it('judges each ratio that has an aim', () => {
    const verdicts = ratiosOf(figures, lane).map(({ aim }) => aim?.verdict);
    expect(verdicts).toEqual(['met', undefined, 'missed', undefined]);
  });

  it('decides nothing where the quartiles straddle the aim', () => {
    const unsteady = drifting(125, 15).map((slice, round) => ({
      ...slice,
      perSecond: slice.perSecond * (round % 2 === 0 ? 1 : 0.9),
    }));
    const [yardstick] = figures.singleChain.slice(0, 1);
    const [ratio] = ratiosOf(
      {
        ...figures,
        singleChain: [yardstick, singleChain('note transfer', 'city', unsteady)].filter((one) => one !== undefined),
      },
      lane,
    );
    expect(ratio).toMatchObject({ lower: 1.125, upper: 1.25, aim: { verdict: 'undecided' } });
  });

  it('leaves out what only one side was measured of', () => {
    expect(ratiosOf({ ...figures, singleChain: figures.singleChain.slice(0, 1) }, lane)).toEqual([]);
  });

  it('judges half load by its median and by its 99th percentile, and no other load', () => {
    const percentile = (middle: number) => ({ samples: 300, lower: middle - 0.1, middle, upper: middle + 0.1 });
    const load = (name: string): EndToEnd =>
      ({
        load: name,
        receivedInCommits: { p50: percentile(2), p95: percentile(3), p99: percentile(4) },
      }) as EndToEnd;
    const found = ratiosOf({ singleChain: [], crossChain: [], endToEnd: [load('low load'), load('half load')] }, lane);
    expect(found.map(({ name, aim }) => [name, aim?.verdict])).toEqual([
      ['end to end / commits, low load, p50', undefined],
      ['end to end / commits, low load, p99', undefined],
      ['end to end / commits, half load, p50', 'met'],
      ['end to end / commits, half load, p99', 'undecided'],
    ]);
  });
});
