// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/records/lane-label.ts';
export const tests = ['chaincode/protocol/src/records/lane-label.test.ts'];
export const changes = [
  [`label.path.at(-1) === lane.returnLaneId`, `label.path.includes(lane.returnLaneId)`, 'only the last lane unwinds'],
  [`label.path.slice(0, -1)`, `label.path`, 'unwinding takes one lane away'],
  [`[...label.path, lane.id]`, `[lane.id]`, 'a label keeps the lanes before'],
];
