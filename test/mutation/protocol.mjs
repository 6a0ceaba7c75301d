// SPDX-License-Identifier: Apache-2.0
import { mutating } from './stryker.base.mjs';
import { proofs, tests } from './proofs.mjs';

const source = 'chaincode/protocol/src';
// Ten thousand mutated certificates say little more of a mutated verifier than the tests of each rule, and take long.
export default mutating(
  'protocol',
  [`${source}/**/*.ts`, ...proofs.map((file) => `!${file}`)],
  [`<rootDir>/${source}/!(certificate-mutation|${tests.join('|')}).test.ts`],
);
