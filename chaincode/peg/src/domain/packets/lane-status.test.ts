// SPDX-License-Identifier: Apache-2.0

import type { LaneStatusRecord } from '@gridpeg/protocol';
import { charging, city, codeOf, laneIdBetween, txIdNamed } from '@gridpeg/protocol/testing';
import { checkLaneStatus, type LaneStep } from './lane-status';

const laneId = laneIdBetween(city, charging);
const outcome = (step: LaneStep, state?: LaneStatusRecord['state']): string =>
  codeOf(() => {
    checkLaneStatus(step, laneId, state && { version: 1, laneId, sequence: 1, state, txId: txIdNamed('x') });
  });

describe('PEG-12: a lane', () => {
  test.each<[LaneStatusRecord['state'] | undefined, string, string, string]>([
    [undefined, 'accepted', 'accepted', 'accepted'],
    ['open', 'accepted', 'accepted', 'accepted'],
    ['paused', 'LANE_PAUSED', 'LANE_PAUSED', 'accepted'],
    ['frozen', 'LANE_FROZEN', 'LANE_FROZEN', 'LANE_FROZEN'],
  ])('that is %s: send %s, receive %s, settle %s', (state, send, receive, settle) => {
    expect((['send', 'receive', 'settle'] as const).map((step) => outcome(step, state))).toEqual([
      send,
      receive,
      settle,
    ]);
  });
});
