// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/x509/read-certificate.ts';
export const tests = [
  'chaincode/protocol/src/x509/read-certificate.test.ts',
  'chaincode/protocol/src/x509/vectors.test.ts',
];
export const changes = [
  [`roleUnits.includes(unit) || unit === peerUnit`, `unit === peerUnit`, 'another role beside the peer is seen'],
  [`return roles.length === 1 ? roles[0] : undefined;`, `return roles[0];`, 'a certificate has one role'],
  [
    `if (signatureHash === undefined) throw`,
    `if (false as boolean) throw`,
    'a certificate is signed with SHA-256 or SHA-384',
  ],
  [`if (signature.content[0] !== 0) throw`, `if (false as boolean) throw`, 'a signature has no unused bits'],
  [`if (!version.bytes.equals(versionThree)) throw`, `if (false as boolean) throw`, 'a certificate is of version 3'],
  [
    `if (!innerAlgorithm.bytes.equals(algorithm.bytes)) throw`,
    `if (false as boolean) throw`,
    'both algorithms are one',
  ],
  [`  readName(issuer.content);\n`, ``, 'an issuer is a name'],
  [`content.length > 20 || derUnsigned(content) === 0n`, `derUnsigned(content) === 0n`, 'a serial number is bounded'],
  [`content.length > 20 || derUnsigned(content) === 0n`, `content.length > 20`, 'a serial number is positive'],
];
