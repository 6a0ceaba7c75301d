// SPDX-License-Identifier: Apache-2.0

export * from './audit';
export * from './client';
export { chainConnectionOptions, userIdentity } from './consortium/network-connection';
export { runNotary, type RunningNotary } from './daemon/run-notary';
export * from './notary';
