// SPDX-License-Identifier: Apache-2.0

export * from './absence';
export * from './asset';
export * from './batch';
export * from './certificate';
export * from './chaincode-definition';
export * from './codec';
export * from './committee';
export * from './configuration';
export * from './endorsed-proof';
export * from './evidence';
export * from './evidence-record';
export { exportAskedBy, readProposal, type ProposalBytes } from './fabric-proposal';
export * from './governance';
export * from './hash';
export * from './identifiers';
export * from './lane-label';
export * from './proposal';
export * from './records';
export * from './refusal';
export * from './requests';
export * from './rotation';
export * from './signature';
export * from './source-evidence';
export * from './state-key';
export * from './statement';
export * from './window';
export * from './x509';
