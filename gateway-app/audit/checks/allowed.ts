// SPDX-License-Identifier: Apache-2.0

import { type FormerTrust } from '@gridpeg/protocol';

/** What a governing transaction may change, and no more. */
export interface Allowed {
  /** The text of the configuration that comes into force; undefined when none does. */
  readonly configuration?: string;
  /** Lane and state of each status that changes, without the order. */
  readonly laneStatuses: readonly string[];
  /** Keys that are suspended. */
  readonly suspended: readonly string[];
  /** Asset and state of each status that changes. */
  readonly assets?: readonly string[];
  /** Trust records that are kept for evidence. */
  readonly formerTrust?: readonly FormerTrust[];
  /** Chains whose committee is replaced. */
  readonly replaced?: readonly string[];
}

export const nothing: Allowed = { laneStatuses: [], suspended: [] };
