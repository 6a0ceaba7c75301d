// SPDX-License-Identifier: Apache-2.0

import { type AssetStanding, assetStandingShape, assetUsageShape } from '../records/asset';
import { type Batch } from '../records/batch';
import { committeeHashOf } from '../governance/committee';
import { type Committee } from '../records/configuration';
import { type Evidence, evidenceFrom, evidenceShape } from '../custody/evidence';
import {
  evidenceAnswerShape,
  type LaneStanding,
  laneStandingShape,
  type NotaryStanding,
  notaryStandingShape,
  type Replacement,
  replacementShape,
  rotationAnswerShape,
  standingsShape,
  type Usage,
  usageShape,
} from '../governance/governance';
import {
  actionShape,
  consentShape,
  getProposalRequestShape,
  proposalAnswerShape,
  proposalRequestShape,
  proposalShape,
  proposalStatusShape,
  storedProposalShape,
} from '../governance/proposal';
import { type Rotation, rotationShape } from '../governance/rotation';
import { evidenceFileShape } from '../custody/source-evidence';
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
import { type Sample, sample } from './sample';
import { configurationSample, earlierConfigurationSample, trustSample } from './trust-samples';

const [sendTx, receiveTx, settleTx] = [txIdNamed('send'), txIdNamed('receive'), txIdNamed('settle')];
const cityToCharging = laneIdBetween(city, charging);
const packet = packetWith();
const [grid, microgridMsp, chargingMsp] = configurationSample.members;
const [notary] = trustSample.committee.notaries;
const laneStandingSample: LaneStanding = {
  version: 1,
  laneId: cityToCharging,
  sequence: 3,
  state: 'frozen',
  txId: settleTx,
};
export const notaryStandingSample: NotaryStanding = {
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
const usageSample: Usage = { version: 2, ...usage, label: { home: city, path: [laneIdBetween(charging, city)] } };
/** Signatures are random, so those of the samples are none. */
const noSignature = 'c2lnbmF0dXJl';
export const nextCommittee: Committee = { ...trustSample.committee, epoch: 8 };
export const rotationSample: Rotation = {
  version: 1,
  previous: committeeHashOf(trustSample.committee),
  next: nextCommittee,
  signatures: trustSample.committee.notaries
    .slice(0, 3)
    .map(({ mspId }) => ({ notary: mspId, signature: noSignature })),
  possessions: nextCommittee.notaries.map(() => noSignature),
};
const evidenceSampleOf = (...batches: readonly [Batch, Batch]): Evidence => {
  const [first, second] = batches.map((batch) => ({ batch, trust: trustSample, signature: noSignature }));
  const { publicKey } = notaryStandingSample;
  return evidenceFrom(publicKey, packet.id, [first ?? raise(), second ?? raise()]) ?? raise();
};
const evidenceOfPackets = evidenceSampleOf(
  packetBatchOf(packet, packetWith({ index: 1 })),
  packetBatchOf(packetWith({ quantity: 101n })),
);
const evidenceOfReceipts = evidenceSampleOf(
  receiptBatchOf(packet, receiptFor(packet)),
  receiptBatchOf(packet, receiptFor(packet, { outcome: 'refused', code: 'DEADLINE_PASSED' })),
);
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
const replacementSample: Replacement = { version: 1, chainId: city, sequence: 1, txId: settleTx };
const assetStandingSample: AssetStanding = {
  version: 1,
  asset: energy,
  sequence: 2,
  state: 'open',
  txId: settleTx,
};

/** Of records, requests and answers of docs/spec/08-governance.md. */
export const governanceSamples: readonly Sample[] = [
  sample('usage of a window', usageShape, usageSample),
  sample('usage of a window, version 1', usageShape, { version: 1, ...usage }),
  sample('standing of a lane', laneStandingShape, laneStandingSample),
  sample('standing of a notary', notaryStandingShape, notaryStandingSample),
  sample('standing of an asset', assetStandingShape, assetStandingSample),
  sample('usage of an asset’s window', assetUsageShape, {
    version: 1,
    asset: energy,
    shard: 3,
    startMs: 1_699_999_200_000n,
    used: 25_000_000n,
  }),
  sample('replacement of a committee', replacementShape, replacementSample),
  sample('proposal, configure', proposalShape, {
    ...proposal,
    action: { kind: 'configure', configuration: configurationSample },
  }),
  sample('proposal, set-lanes', proposalShape, { ...proposal, action: setLanes }),
  sample('proposal, set-assets', proposalShape, { ...proposal, action: setAssets }),
  sample('proposal, replace-committee', proposalShape, { ...proposal, action: replaceCommittee }),
  sample('proposal, suspend-notary', proposalShape, {
    ...proposal,
    action: { kind: 'suspend-notary', publicKey: notaryStandingSample.publicKey },
  }),
  sample('proposal of version 1, configure', storedProposalShape, {
    ...proposal,
    version: 1,
    action: { kind: 'configure', configuration: earlierConfigurationSample },
  }),
  sample('proposal of version 1, replace-committee', storedProposalShape, {
    ...proposal,
    version: 1,
    action: earlierReplacement,
  }),
  sample('consent', consentShape, { version: 1, proposalId: sendTx, account: bob, timeMs: 1_700_000_000_001n }),
  sample('rotation', rotationShape, rotationSample),
  sample('evidence of packets', evidenceShape, evidenceOfPackets),
  sample('evidence of receipts', evidenceShape, evidenceOfReceipts),
  sample('evidence file', evidenceFileShape, [evidenceOfPackets, evidenceOfReceipts]),
  sample('request of propose', actionShape, setLanes),
  sample('request of approve, withdraw and execute', proposalRequestShape, {
    organization: grid ?? raise(),
    proposalId: sendTx,
  }),
  sample('request of getProposal', getProposalRequestShape, { organization: grid ?? raise() }),
  sample('answer of propose, approve, withdraw and execute', proposalAnswerShape, {
    txId: receiveTx,
    proposalId: sendTx,
  }),
  sample('answer of getProposal', proposalStatusShape, {
    proposal: { ...proposal, action: setLanes },
    consents: [
      { organization: microgridMsp ?? raise(), account: alice, timeMs: 1_700_000_000_000n },
      { organization: chargingMsp ?? raise(), account: bob, timeMs: 1_700_000_000_001n },
    ],
    required: 2,
    dueMs: '1700086520001',
    problem: '',
  }),
  sample('answer of rotate', rotationAnswerShape, { txId: receiveTx, result: 'already-done' }),
  sample('answer of submitEvidence', evidenceAnswerShape, {
    txId: receiveTx,
    result: 'done',
    frozen: [cityToCharging],
  }),
  sample('answer of getStandings', standingsShape, {
    lanes: [laneStandingSample],
    notaries: [notaryStandingSample],
    assets: [assetStandingSample],
    replacements: [replacementSample],
  }),
];

function raise(): never {
  throw new Error('the fixture lacks something');
}
