// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/window.ts';
export const tests = ['chaincode/peg/src/domain/window-meter.test.ts'];
export const changes = [
  [`usage.startMs >= startMs`, `usage.startMs === startMs`, 'a transaction dated back counts in the later window'],
];
