// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one table, an example of each record of governance.

import { type AssetStatusRecord, assetStatusCodec, assetUsageCodec } from '../records/asset';
import { type Batch } from '../records/batch';
import { committeeHashOf } from '../governance/committee';
import { type Committee } from '../records/configuration';
import { type Evidence, evidenceFrom, evidenceCodec } from '../custody/evidence';
import {
  evidenceResponseCodec,
  type LaneStatusRecord,
  laneStatusCodec,
  type NotaryStatusRecord,
  notaryStatusCodec,
  type Replacement,
  replacementCodec,
  rotationResponseCodec,
  statusRecordsCodec,
  type RateLimitUsage,
  rateLimitUsageCodec,
} from '../governance/governance';
import {
  actionCodec,
  consentCodec,
  getProposalRequestCodec,
  proposalResponseCodec,
  proposalRequestCodec,
  proposalCodec,
  proposalStatusCodec,
  storedProposalCodec,
} from '../governance/proposal';
import { digestFor, firstDigest } from '../records/statement';
import { type Rotation, rotationCodec } from '../governance/rotation';
import { evidenceFileCodec } from '../custody/source-evidence';
import {
  alice,
  bob,
  charging,
  city,
  energy,
  laneIdBetween,
  packetBatchOf,
  packetWith,
  receiptBatchOf,
  receiptFor,
  txIdNamed,
} from './consortium';
import { type Fixture, fixture } from './fixture';
import { configurationFixture, earlierConfigurationFixture, trustFixture } from './trust-fixtures';

const [sendTx, receiveTx, settleTx] = [txIdNamed('send'), txIdNamed('receive'), txIdNamed('settle')];
const cityToCharging = laneIdBetween(city, charging);
const packet = packetWith();
const [grid, microgridMsp, chargingMsp] = configurationFixture.members;
const [notary] = trustFixture.committee.notaries;
const laneStatusFixture: LaneStatusRecord = {
  version: 1,
  laneId: cityToCharging,
  sequence: 3,
  state: 'frozen',
  txId: settleTx,
};
export const notaryStatusFixture: NotaryStatusRecord = {
  version: 1,
  publicKey: notary?.publicKey ?? raise(),
  mspId: notary?.mspId ?? raise(),
  state: 'suspended',
  lanes: [cityToCharging],
  txId: settleTx,
};
const usage = {
  laneId: cityToCharging,
  asset: energy,
  shard: 3,
  startMs: 1_699_999_200_000n,
  used: 25_000_000n,
};
const rateLimitUsageFixture: RateLimitUsage = {
  version: 2,
  ...usage,
  label: { home: city, path: [laneIdBetween(charging, city)] },
};
/** Signatures are random, so those of the samples are none. */
const noSignature = 'c2lnbmF0dXJl';
export const nextCommittee: Committee = { ...trustFixture.committee, epoch: 8 };
export const rotationFixture: Rotation = {
  version: 1,
  previous: committeeHashOf(trustFixture.committee),
  next: nextCommittee,
  signatures: trustFixture.committee.notaries
    .slice(0, 3)
    .map(({ mspId }) => ({ notary: mspId, signature: noSignature })),
  possessions: nextCommittee.notaries.map(() => noSignature),
};
const evidenceFixtureOf = (batches: readonly [Batch, Batch], forms = [firstDigest, firstDigest]): Evidence => {
  const [first, second] = batches.map((batch, index) => ({
    batch,
    trust: trustFixture,
    form: forms[index] ?? raise(),
    signature: noSignature,
  }));
  const { publicKey } = notaryStatusFixture;
  return evidenceFrom(publicKey, packet.id, [first ?? raise(), second ?? raise()]) ?? raise();
};
const twoContents = [
  packetBatchOf(packet, packetWith({ index: 1 })),
  packetBatchOf(packetWith({ quantity: 101n })),
] as const;
const evidenceOfPackets = evidenceFixtureOf(twoContents);
const evidenceOfReceipts = evidenceFixtureOf([
  receiptBatchOf(packet, receiptFor(packet)),
  receiptBatchOf(packet, receiptFor(packet, { outcome: 'refused', code: 'DEADLINE_PASSED' })),
]);
/** Of one content signed before there were other modes, and of another one signed as a custodian. */
const evidenceAcrossModes = evidenceFixtureOf(twoContents, [firstDigest, digestFor('custodian')]);
const proposal = {
  version: 2 as const,
  id: sendTx,
  organization: grid ?? raise(),
  account: alice,
  timeMs: 1_700_000_000_000n,
};
const setLanes = {
  kind: 'set-lanes' as const,
  state: 'open' as const,
  lanes: [{ laneId: cityToCharging, sequence: 4 }],
};
const setAssets = { kind: 'set-assets' as const, state: 'paused' as const, assets: [{ asset: energy, sequence: 1 }] };
const { threshold, notaries } = nextCommittee;
const replaceCommittee = {
  kind: 'replace-committee' as const,
  chains: [city, charging].map((chainId) => ({ chainId, sequence: 2 })),
  threshold,
  notaries,
};
const earlierReplacement = { kind: 'replace-committee' as const, chainIds: [city, charging], committee: nextCommittee };
const replacementFixture: Replacement = { version: 1, chainId: city, sequence: 1, txId: settleTx };
const assetStatusFixture: AssetStatusRecord = {
  version: 1,
  asset: energy,
  sequence: 2,
  state: 'open',
  txId: settleTx,
};

/** Of records, requests and answers of docs/spec/08-governance.md. */
export const governanceFixtures: readonly Fixture[] = [
  fixture('usage of a window', rateLimitUsageCodec, rateLimitUsageFixture),
  fixture('usage of a window, version 1', rateLimitUsageCodec, { version: 1, ...usage }),
  fixture('standing of a lane', laneStatusCodec, laneStatusFixture),
  fixture('standing of a notary', notaryStatusCodec, notaryStatusFixture),
  fixture('standing of an asset', assetStatusCodec, assetStatusFixture),
  fixture('usage of an asset’s window', assetUsageCodec, {
    version: 1,
    asset: energy,
    shard: 3,
    startMs: 1_699_999_200_000n,
    used: 25_000_000n,
  }),
  fixture('replacement of a committee', replacementCodec, replacementFixture),
  fixture('proposal, configure', proposalCodec, {
    ...proposal,
    action: { kind: 'configure', configuration: configurationFixture },
  }),
  fixture('proposal, set-lanes', proposalCodec, { ...proposal, action: setLanes }),
  fixture('proposal, set-assets', proposalCodec, { ...proposal, action: setAssets }),
  fixture('proposal, replace-committee', proposalCodec, { ...proposal, action: replaceCommittee }),
  fixture('proposal, suspend-notary', proposalCodec, {
    ...proposal,
    action: { kind: 'suspend-notary', publicKey: notaryStatusFixture.publicKey },
  }),
  fixture('proposal of version 1, configure', storedProposalCodec, {
    ...proposal,
    version: 1,
    action: { kind: 'configure', configuration: earlierConfigurationFixture },
  }),
  fixture('proposal of version 1, replace-committee', storedProposalCodec, {
    ...proposal,
    version: 1,
    action: earlierReplacement,
  }),
  fixture('consent', consentCodec, { version: 1, proposalId: sendTx, account: bob, timeMs: 1_700_000_000_001n }),
  fixture('rotation', rotationCodec, rotationFixture),
  fixture('evidence of packets', evidenceCodec, evidenceOfPackets),
  fixture('evidence of receipts', evidenceCodec, evidenceOfReceipts),
  fixture('evidence across custody modes', evidenceCodec, evidenceAcrossModes),
  fixture('evidence file', evidenceFileCodec, [evidenceOfPackets, evidenceOfReceipts]),
  fixture('request of propose', actionCodec, setLanes),
  fixture('request of approve, withdraw and execute', proposalRequestCodec, {
    organization: grid ?? raise(),
    proposalId: sendTx,
  }),
  fixture('request of getProposal', getProposalRequestCodec, { organization: grid ?? raise() }),
  fixture('answer of propose, approve, withdraw and execute', proposalResponseCodec, {
    txId: receiveTx,
    proposalId: sendTx,
  }),
  fixture('answer of getProposal', proposalStatusCodec, {
    proposal: { ...proposal, action: setLanes },
    consents: [
      { organization: microgridMsp ?? raise(), account: alice, timeMs: 1_700_000_000_000n },
      { organization: chargingMsp ?? raise(), account: bob, timeMs: 1_700_000_000_001n },
    ],
    required: 2,
    dueMs: '1700086520001',
    problem: '',
  }),
  fixture('answer of rotate', rotationResponseCodec, { txId: receiveTx, result: 'already-done' }),
  fixture('answer of submitEvidence', evidenceResponseCodec, {
    txId: receiveTx,
    result: 'done',
    frozen: [cityToCharging],
  }),
  fixture('answer of getStandings', statusRecordsCodec, {
    lanes: [laneStatusFixture],
    notaries: [notaryStatusFixture],
    assets: [assetStatusFixture],
    replacements: [replacementFixture],
  }),
];

function raise(): never {
  throw new Error('the fixture lacks something');
}
