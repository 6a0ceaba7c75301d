// SPDX-License-Identifier: Apache-2.0

export { type NotaryAddress, type NotaryChain, type NotaryConfig } from './shell/notary-config';
export { runNotary, type RunningNotary } from './shell/run-notary';
