// SPDX-License-Identifier: Apache-2.0

import { type Topology } from '@gridpeg/network';
import { assetIdCodec, laneIdCodec } from '@gridpeg/protocol';
import { DayError } from '../errors/day-error';

/** What moves all day. */
export const energy = assetIdCodec.decode('city/energy', 'asset');

/** The lanes that the day uses: all six between the three chains. */
export const dayLanes = {
  cityCharging: laneIdCodec.decode('city-charging', 'lane'),
  chargingCity: laneIdCodec.decode('charging-city', 'lane'),
  cityMicrogrid: laneIdCodec.decode('city-microgrid', 'lane'),
  microgridCity: laneIdCodec.decode('microgrid-city', 'lane'),
  microgridCharging: laneIdCodec.decode('microgrid-charging', 'lane'),
  chargingMicrogrid: laneIdCodec.decode('charging-microgrid', 'lane'),
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
