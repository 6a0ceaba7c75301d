// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/x509/signature.ts';
export const tests = [
  'chaincode/protocol/src/x509/signature.test.ts',
  'chaincode/protocol/src/proof/endorsed-proof.test.ts',
  'chaincode/protocol/src/x509/issued-certificate.test.ts',
];
export const changes = [
  [`values === undefined || values.s > orderP256 / 2n`, `values === undefined`, 'a signature has a low S'],
  [`if (values === undefined || values.s > orderP256 / 2n) return false;`, ``, 'a signature has one spelling'],
  [`return verify('sha256', message, publicKey, signature);`, `return true;`, 'a signature verifies'],
  [`if (!isP256(publicKey)) return false;`, ``, 'peers and notaries sign on P-256'],
  [`!== undefined && verify(hash, signed, publicKey, signature);`, `!== undefined;`, 'the signature of a CA verifies'],
  [`s > order / 2n ? order - s : s`, `s`, 'signing makes a low S'],
  [`if (value === 0n || value >= order) throw`, `if (value >= order) throw`, 'an integer of a signature is not zero'],
];
