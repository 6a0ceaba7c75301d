// SPDX-License-Identifier: Apache-2.0

import { type Topology } from '@gridpeg/network';
import { assetIdShape, laneIdShape } from '@gridpeg/protocol';
import { DayError } from '../errors/day-error';

/** What moves all day. */
export const energy = assetIdShape.read('city/energy', 'asset');

/** The lanes that the day uses: all six between the three chains. */
export const dayLanes = {
  cityCharging: laneIdShape.read('city-charging', 'lane'),
  chargingCity: laneIdShape.read('charging-city', 'lane'),
  cityMicrogrid: laneIdShape.read('city-microgrid', 'lane'),
  microgridCity: laneIdShape.read('microgrid-city', 'lane'),
  microgridCharging: laneIdShape.read('microgrid-charging', 'lane'),
  chargingMicrogrid: laneIdShape.read('charging-microgrid', 'lane'),
} as const;

/** @throws DayError LANE_NOT_IN_TOPOLOGY */
export function requireDayLanes({ name, peg }: Topology): void {
  const missing = Object.values(dayLanes).filter((id) => !peg.lanes.some((lane) => lane.id === id));
  if (missing.length === 0) return;
  throw new DayError(
    'LANE_NOT_IN_TOPOLOGY',
    `topology ${name} has no lane ${missing.join(', ')}`,
    'Use --topology dev, in a folder of its own (--state).',
  );
}
