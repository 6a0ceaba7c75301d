// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/signature.ts';
export const tests = ['chaincode/protocol/src/signature.test.ts', 'chaincode/protocol/src/endorsed-proof.test.ts'];
export const changes = [
  [`values === undefined || values.s > halfOrder`, `values === undefined`, 'a signature has a low S'],
  [`if (values === undefined || values.s > halfOrder) return false;`, ``, 'a signature has one spelling'],
  [`return verify('sha256', message, publicKey, signature);`, `return true;`, 'a signature verifies'],
  [`s > halfOrder ? order - s : s`, `s`, 'signing makes a low S'],
  [`if (first >= 0x80 || (padded`, `if ((padded`, 'an integer of a signature is positive'],
  [`(padded && content.readUInt8(1) < 0x80)`, `false`, 'an integer of a signature has no padding'],
  [`if (value <= 0n || value >= order) throw`, `if (value >= order) throw`, 'an integer of a signature is not zero'],
];
