// SPDX-License-Identifier: Apache-2.0

export { isMemoryFile } from './core/signing-record';
export { proveAbsence, questionOf } from './shell/accuser';
export { notaryHealth, type NotaryHealth } from './shell/ask-notary';
export { type NotaryAddress, type NotaryChain, type NotaryConfig } from './shell/notary-config';
export { runNotary, type RunningNotary } from './shell/run-notary';
export { openSigningKey, type SigningKey } from './shell/signing-key';
export { SigningMemory } from './shell/signing-memory';
