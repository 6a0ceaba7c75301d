// SPDX-License-Identifier: Apache-2.0
import { mutating, testsIn } from './stryker.base.mjs';

const source = 'chaincode/protocol/src';
// Ten thousand mutated certificates say little more of a mutated verifier than the tests of each rule, and take long.
const tests = testsIn(source).filter((file) => !file.endsWith('/certificate-mutation.test.ts'));
const vectors = `${source}/vectors.test.ts`;
export default mutating('protocol', [`${source}/**/*.ts`], [vectors, ...tests.filter((file) => file !== vectors)]);
