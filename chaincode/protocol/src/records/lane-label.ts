// SPDX-License-Identifier: Apache-2.0

import type { Lane } from './configuration';
import type { Label } from '../codec/identifiers';

/**
 * Value comes back where it came from: burnt on this side, released on the other; docs/spec/03-transfer.md section 3.2.
 */
export function unwinds(label: Label, lane: Pick<Lane, 'returnLaneId'>): boolean {
  return label.path.at(-1) === lane.returnLaneId;
}

/** The label that value has behind this lane: one step undone, or one more lane. */
export function labelBehind(label: Label, lane: Pick<Lane, 'id' | 'returnLaneId'>): Label {
  const path = unwinds(label, lane) ? label.path.slice(0, -1) : [...label.path, lane.id];
  return { home: label.home, path };
}
