// SPDX-License-Identifier: Apache-2.0

/** Fixtures for the tests of this and other workspaces; no part of what is deployed. */

export { certificateCorpus } from './certificate-corpus';
export {
  attribute,
  der,
  issueCertificate,
  keyNamed,
  keyUsages,
  publicKeyOf,
  revocationList,
  type CertificateParts,
  type CertificatePlan,
} from './certificate-writer';
export {
  accountNamed,
  alice,
  bob,
  chainIds,
  charging,
  city,
  configurationOf,
  energy,
  energyAsset,
  laneBetween,
  laneIdBetween,
  microgrid,
  packetBatchOf,
  packetWith,
  receiptBatchOf,
  receiptFor,
  trustIn,
  txIdNamed,
} from './consortium';
export { questionFixture } from './evidence-fixtures';
export { nextCommittee, notaryStatusFixture, rotationFixture } from './governance-fixtures';
export { growthBy } from './growth';
export { followedConfigurationFixture } from './light-client-fixtures';
export { hostileKeys, yOfZero } from './hostile-keys';
export {
  chargingMember,
  grid,
  identityOf,
  members,
  microgridMember,
  regulator,
  type Identity,
  type Member,
} from './members';
export {
  certify,
  certifyFor,
  exportArgumentOf,
  message,
  proofOf,
  proofParts,
  type ProofPart,
  type ProofPlan,
} from './proof-writer';
export { codeOf, refusalOf } from './refusals';
export {
  away,
  escrowFixture,
  home,
  inFlightFixture,
  inVersion1,
  packetBatchFixture,
  receiptBatchFixture,
  receiptEntryFixture,
  refusedFixture,
  fixtureNamed,
  fixtures,
  transferFixture,
} from './fixtures';
export { configurationFixture, trustFixture } from './trust-fixtures';
