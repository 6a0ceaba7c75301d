// SPDX-License-Identifier: Apache-2.0

export { isHistoryFile } from './slashing-protection/signing-record';
export { proveAbsence, questionOf, signedUnder } from './watch/accuser';
export { notaryHealth, requireAlive, type NotaryHealth } from './messages/ask-notary';
export { type NotaryAddress, type NotaryChain, type NotaryConfig } from './chains/notary-config';
export { openSigningKey, type SigningKey } from './signing/signing-key';
export { SigningHistory } from './slashing-protection/signing-history';
