// SPDX-License-Identifier: Apache-2.0

import { type Spread } from '../measure/spread';

/** What a figure should be. */
export interface Aim {
  readonly bound: 'at least' | 'at most';
  readonly value: number;
}

/** `undecided`: another run could just as well find the opposite. */
export type Verdict = 'met' | 'missed' | 'undecided';

/** Fewer samples decide nothing, however close together they lie. */
export const leastSamples = 12;

/** Judges a figure by its quartiles: an aim that lies between them is neither met nor missed. */
export function judge({ samples, lower, upper }: Spread, { bound, value }: Aim): Verdict {
  if (samples < leastSamples) return 'undecided';
  const [worst, best] = bound === 'at least' ? [lower - value, upper - value] : [value - upper, value - lower];
  if (worst >= 0) return 'met';
  return best < 0 ? 'missed' : 'undecided';
}
