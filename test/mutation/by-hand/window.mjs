// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/records/window.ts';
export const tests = ['chaincode/peg/src/domain/packets/rate-limit.test.ts'];
export const changes = [
  [`usage.startMs >= startMs`, `usage.startMs === startMs`, 'a transaction dated back counts in the later window'],
];
