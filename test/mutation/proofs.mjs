// SPDX-License-Identifier: Apache-2.0
import { mutating } from './stryker.base.mjs';

/** Endorsed proofs, whose tests are slow and of nothing else. */
const source = 'chaincode/protocol/src';
export const proofs = ['endorsed-proof', 'x509', 'fabric-message', 'der'].map((name) => `${source}/${name}.ts`);
export const tests = ['endorsed-proof', 'endorser'];
export default mutating('proofs', proofs, [`<rootDir>/${source}/(${tests.join('|')}).test.ts`]);
