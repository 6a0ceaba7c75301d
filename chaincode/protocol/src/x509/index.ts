// SPDX-License-Identifier: Apache-2.0

export { isCaCertificate, readIssuedCertificate } from './issued-certificate';
export { encodePem } from './pem';
export { curveOfPublicKey, readPublicKey } from './public-key';
export { readCertificate, roleOf, type CertificateFacts } from './read-certificate';
export { isRevoked, readRevocationList, type RevocationList } from './revocation-list';
