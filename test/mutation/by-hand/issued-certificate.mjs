// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/x509/issued-certificate.ts';
export const tests = ['chaincode/protocol/src/x509/issued-certificate.test.ts'];
export const changes = [
  [`isIssuedBy(facts, authority) ? facts : undefined`, `true ? facts : undefined`, 'a CA signed the certificate'],
  [`facts.authority && (facts.keyUsage`, `(facts.keyUsage`, 'a CA is one by its basic constraints'],
  [`(facts.keyUsage?.keyCertSign ?? true) ?`, `true ?`, 'a CA may sign certificates'],
  [`    certificate.issuer.equals(authority.subject) &&\n`, ``, 'the issuer is the subject of the CA'],
  [
    `&&\n    verifyIssuerSignature(authority.publicKey, certificate.signatureHash, certificate.signed, certificate.signature)`,
    ``,
    'the signature of the CA verifies',
  ],
  ['`${ca.length.toString()} ${ca}${pem}`', '`${pem}`', 'what is cached is of that CA'],
];
