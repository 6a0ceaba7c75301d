// SPDX-License-Identifier: Apache-2.0

export { blockHashOf, encodeBlockHeader, type BlockHeader } from './block-header';
export {
  blockProofCodec,
  maximumBlockProofLength,
  verifyBlockProof,
  type BlockProof,
  type BlockProofRules,
  type ProvenBlock,
  type ProvenTransaction,
} from './block-proof';
export {
  beginToFollow,
  follow,
  followStepsCodec,
  genesisBlockCodec,
  type FollowStep,
  type GenesisBlock,
} from './follow';
export {
  followedConfigurationCodec,
  followedConfigurationHashOf,
  followedHeadCodec,
  type FollowedChain,
  type FollowedConfiguration,
  type FollowedHead,
} from './followed-chain';
export { headerConflictCodec, verifyHeaderConflict, type HeaderConflict, type ProvenConflict } from './header-conflict';
export { readChannelConfiguration, type Consensus } from './channel-configuration';
export {
  groupIn,
  membershipProviders,
  readConfigurationTransaction,
  type ConfigurationTransaction,
} from './channel-group';
export {
  readSignedHeader,
  signaturesThatCount,
  signedHeaderOf,
  type OrdererSignature,
  type SignedHeader,
} from './signed-header';
export {
  validityAnswer,
  verifyValidityAnswer,
  type ProvenValidity,
  type TransactionId,
  type ValidityAnswer,
} from './validity';
