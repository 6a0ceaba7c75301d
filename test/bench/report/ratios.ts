// SPDX-License-Identifier: Apache-2.0

import { pairwiseRatios, spread, type Spread } from '../measure/spread';
import { type SingleChainFigure } from '../phases/single-chain';
import { type Slice } from '../phases/subject';
import { type Figures } from './figures';
import { judge, type Aim, type Verdict } from './judge';

/** What two figures say about each other. Slices are compared with those of the same round. */
export interface Ratio extends Spread {
  readonly name: string;
  /** Absent where nothing is aimed at. */
  readonly aim?: Aim & { readonly verdict: Verdict };
}

/** The load whose end-to-end latency has an aim. */
export const halfLoad = 'half load';

const perSecond = (slice: Slice): number => slice.perSecond;
const cpuMs = (slice: Slice): number => slice.cpuMs;

/**
 * Makes all ratios whose two sides were measured.
 *
 * @param lane - names of the source and the destination chain
 */
export function ratiosOf(
  figures: Pick<Figures, 'singleChain' | 'crossChain' | 'endToEnd'>,
  lane: { readonly source: string; readonly destination: string },
): readonly Ratio[] {
  const single = (name: string, chain: string): SingleChainFigure | undefined =>
    figures.singleChain.find((figure) => figure.name === name && figure.chain === chain);
  const notes = single('note transfer', lane.source)?.slices;
  const notesThere = single('note transfer', lane.destination)?.slices;
  const yardstick = single('yardstick', lane.source)?.slices;
  const at50 = figures.crossChain.find(({ packetsPerSend }) => packetsPerSend === 50)?.slices;
  const across = 'cross-chain at 50 / note transfers on the';
  return [
    ...compared('note transfers / yardstick', perSecond, notes, yardstick, { bound: 'at least', value: 1.2 }),
    ...compared('CPU of a note transfer / of the yardstick', cpuMs, notes, yardstick),
    ...compared(`${across} source`, perSecond, at50, notes, { bound: 'at least', value: 0.8 }),
    ...compared(`${across} destination`, perSecond, at50, notesThere),
    ...figures.endToEnd.flatMap(({ load, receivedInCommits: { p50, p99 } }) => [
      ratio(
        `end to end / commits, ${load}, p50`,
        p50,
        load === halfLoad ? { bound: 'at most', value: 2.2 } : undefined,
      ),
      ratio(`end to end / commits, ${load}, p99`, p99, load === halfLoad ? { bound: 'at most', value: 4 } : undefined),
    ]),
  ];
}

function compared(
  name: string,
  value: (slice: Slice) => number,
  numerators: readonly Slice[] | undefined,
  denominators: readonly Slice[] | undefined,
  aim?: Aim,
): readonly Ratio[] {
  if (numerators === undefined || denominators === undefined) return [];
  return [ratio(name, spread(pairwiseRatios(numerators.map(value), denominators.map(value))), aim)];
}

function ratio(name: string, measured: Spread, aim?: Aim): Ratio {
  return { name, ...measured, ...(aim === undefined ? {} : { aim: { ...aim, verdict: judge(measured, aim) } }) };
}
