// SPDX-License-Identifier: Apache-2.0

/** Fixtures for the tests of this and other workspaces; no part of what is deployed. */

export * from './certificate-corpus';
export * from './certificate-writer';
export * from './consortium';
export * from './evidence-samples';
export * from './governance-samples';
export * from './growth';
export * from './hostile-keys';
export * from './members';
export * from './proof-writer';
export * from './refusals';
export * from './samples';
export * from './trust-samples';
