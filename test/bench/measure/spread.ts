// SPDX-License-Identifier: Apache-2.0

import { round } from './round';

/** A figure that was measured several times: the middle one, and the range that half of them lie in. */
export interface Spread {
  readonly samples: number;
  readonly lower: number;
  readonly middle: number;
  readonly upper: number;
}

/** Distance of the quartiles of the normal distribution from its mean, in standard deviations. */
const quartileDeviations = 0.6745;

/**
 * Median and quartiles, interpolated between the two nearest values.
 *
 * @throws Error when there is no value
 * @see Hyndman and Fan, Sample Quantiles in Statistical Packages (1996), type 7
 */
export function spread(values: readonly number[]): Spread {
  const sorted = ascending(values);
  const quantile = (part: number): number => {
    const position = part * (sorted.length - 1);
    const below = at(sorted, Math.floor(position));
    return round(below + (at(sorted, Math.ceil(position)) - below) * (position % 1));
  };
  return { samples: sorted.length, lower: quantile(0.25), middle: quantile(0.5), upper: quantile(0.75) };
}

/**
 * A percentile by nearest rank, and the range in which a repetition of the measurement would find it half of the time.
 * The number of values below a percentile has a binomial distribution; its quartiles are taken from the normal one.
 *
 * @param percent - above 0, below 100
 * @throws Error when there is no value
 */
export function percentileSpread(values: readonly number[], percent: number): Spread {
  const sorted = ascending(values);
  const rank = (percent / 100) * sorted.length;
  const deviation = quartileDeviations * Math.sqrt(rank * (1 - percent / 100));
  const ranked = (number: number): number =>
    round(at(sorted, Math.min(sorted.length, Math.max(1, Math.ceil(number))) - 1));
  return {
    samples: sorted.length,
    lower: ranked(rank - deviation),
    middle: ranked(rank),
    upper: ranked(rank + deviation),
  };
}

/** Divides what was measured at the same turn. @returns as many ratios as the shorter list has values */
export function pairwiseRatios(numerators: readonly number[], denominators: readonly number[]): readonly number[] {
  const pairs = Math.min(numerators.length, denominators.length);
  return numerators.slice(0, pairs).map((numerator, index) => numerator / at(denominators, index));
}

function ascending(values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new Error('nothing was measured');
  return [...values].sort((a, b) => a - b);
}

function at(values: readonly number[], index: number): number {
  const value = values[index];
  if (value === undefined) throw new Error(`there is no value at ${index}`);
  return value;
}
