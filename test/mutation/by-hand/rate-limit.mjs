// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/packets/rate-limit.ts';
export const tests = ['chaincode/peg/src/domain/packets/rate-limit.test.ts'];
export const changes = [
  [`[classOf(usage), usage]`, `[usage.asset, usage]`, 'a usage record counts for its asset and label only'],
  [`+ quantity <= this.#share`, `+ quantity <= this.#share + 1n`, 'a shard lets in no more than its part'],
];
