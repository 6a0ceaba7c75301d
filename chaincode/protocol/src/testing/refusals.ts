// SPDX-License-Identifier: Apache-2.0

import { type Refusal, Refused } from '../codec/refusal';

/** Why the action was refused, or `accepted`; other errors pass through. */
export function refusalOf(action: () => unknown): Refusal | 'accepted' {
  try {
    action();
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
  return 'accepted';
}

/** The code of {@link refusalOf}. */
export function codeOf(action: () => unknown): string {
  const refusal = refusalOf(action);
  return refusal === 'accepted' ? refusal : refusal.code;
}
