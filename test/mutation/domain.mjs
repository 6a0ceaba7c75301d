// SPDX-License-Identifier: Apache-2.0
import { mutating, testsIn } from './stryker.base.mjs';

const source = 'chaincode/peg/src/domain';
export default mutating('domain', [`${source}/**/*.ts`], testsIn(source));
