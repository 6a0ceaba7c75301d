// SPDX-License-Identifier: Apache-2.0

import { assetShape, storedAssetShape } from '../records/asset';
import {
  encodeBatch,
  exportRequestShape,
  packetBatch1Shape,
  packetBatchShape,
  receiptBatch1Shape,
  receiptBatchShape,
  type Batch,
  type RecordedBatch,
} from '../records/batch';
import { type Certificate, proofFileShape } from '../custody/certificate';
import {
  approvalShape,
  type ChainRecord,
  chainRecordShape,
  type Configuration,
  committeeShape,
  configurationShape,
  laneShape,
  storedConfigurationShape,
  trustRecordShape,
} from '../records/configuration';
import { escrowIdOf, type Label, noteIdOf } from '../codec/identifiers';
import {
  type EscrowNote,
  escrowNoteShape,
  type InFlight,
  inFlightShape,
  type Note,
  noteShape,
  type OutboxRecord,
  outboxRecordShape,
  packetShape,
  type ReceiptEntry,
  receiptEntryShape,
  receiptShape,
  type Settled,
  settledShape,
  supplyRecordShape,
} from '../records/records';
import {
  certificateRequestShape,
  configurationAnswerShape,
  emptyRequestShape,
  escrowPageShape,
  inFlightPageShape,
  issueRequestShape,
  listEscrowRequestShape,
  listInFlightRequestShape,
  listNotesRequestShape,
  mergeEscrowAnswerShape,
  mergeEscrowRequestShape,
  notesAnswerShape,
  notesPageShape,
  packetRequestShape,
  packetsRequestShape,
  pegEventShape,
  receiptsAnswerShape,
  resultsAnswerShape,
  retireRequestShape,
  sendAnswerShape,
  sendRequestShape,
  transferAnswerShape,
  transferRequestShape,
} from '../custody/requests';
import {
  alice,
  bob,
  charging,
  city,
  energy,
  energyAsset,
  laneBetween,
  laneIdBetween,
  packetBatchOf,
  packetWith,
  receiptBatchOf,
  receiptFor,
  txIdNamed,
} from './consortium';
import { evidenceSamples } from './evidence-samples';
import { governanceSamples } from './governance-samples';
import { message } from './proof-writer';
import { type Sample, sample } from './sample';
import { configurationSample, earlierAssetSample, earlierConfigurationSample, trustSample } from './trust-samples';

const [sendTx, receiveTx, settleTx] = [txIdNamed('send'), txIdNamed('receive'), txIdNamed('settle')];
const cityToCharging = laneIdBetween(city, charging);
export const home: Label = { home: city, path: [] };
export const away: Label = { home: city, path: [cityToCharging] };

const noteSample: Note = {
  version: 1,
  id: noteIdOf(alice, sendTx, 3),
  owner: alice,
  asset: energy,
  label: away,
  quantity: 999_999_999_999_999_999n,
  memo: 'a "quoted" \\ memo ~',
};
export const escrowSample: EscrowNote = {
  version: 1,
  id: escrowIdOf(sendTx, 0),
  laneId: cityToCharging,
  asset: energy,
  label: home,
  quantity: 1n,
};
export const transferSample = packetWith();
const retirementSample = packetWith({
  index: 1,
  kind: 'retirement',
  sourceChainId: charging,
  destinationChainId: city,
  laneId: laneIdBetween(charging, city),
  sender: bob,
  label: away,
  memo: '',
  deadlineMs: 0n,
});
const receivedSample = receiptFor(transferSample);
export const refusedSample = receiptFor(transferSample, { outcome: 'refused', code: 'DEADLINE_PASSED' });
export const receiptEntrySample: ReceiptEntry = { ...refusedSample, txId: receiveTx };
const outboxSample: OutboxRecord = { version: 1, packets: [transferSample], receipts: [refusedSample] };
export const inFlightSample: InFlight = {
  version: 1,
  packetId: transferSample.id,
  laneId: cityToCharging,
  txId: sendTx,
  index: 0,
};
const settledSample: Settled = {
  ...inFlightSample,
  outcome: 'refunded',
  code: 'DEADLINE_PASSED',
  settledTxId: settleTx,
};
export const packetBatchSample = packetBatchOf(transferSample, packetWith({ index: 1 }));
export const receiptBatchSample = receiptBatchOf(transferSample, receivedSample);

/** As chaincode answered before batches said which transactions were asked for. */
export function inVersion1<Of extends Batch>(
  batch: Of,
): Pick<Of, 'kind' | 'laneId' | 'sourceChainId' | 'destinationChainId' | 'entries'> & { readonly version: 1 } {
  const { kind, laneId, sourceChainId, destinationChainId, entries } = batch;
  return { version: 1, kind, laneId, sourceChainId, destinationChainId, entries };
}
const receiptBatch1Sample = inVersion1(receiptBatchSample);

/** In form only: what peers and notaries sign is in `vectors/certificate.json`. */
const certificateFormSample: Certificate = {
  version: 1,
  custody: 'federation',
  proof: {
    channelHeader: 'Y2hhbm5lbA==',
    signatureHeader: 'c2lnbmF0dXJl',
    proposalPayload: 'cHJvcG9zYWw=',
    responsePayload: 'cmVzcG9uc2U=',
    endorsements: [{ endorser: 'cGVlcg==', signature: 'c2lnbmF0dXJl' }],
  },
  epoch: 7,
  signatures: [{ notary: configurationSample.members[0] ?? raise(), signature: 'c2lnbmF0dXJl' }],
};
const compactFormOf = (batch: RecordedBatch): Certificate => ({
  ...certificateFormSample,
  version: 2,
  proof: {
    ...certificateFormSample.proof,
    responsePayload: message([2, message([3, message([1, 200], [3, encodeBatch(batch)])])]).toString('base64'),
    endorsements: [
      {
        endorser: message(
          [1, 'GridMSP'],
          [2, '-----BEGIN CERTIFICATE-----\nY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n'],
        ).toString('base64'),
        signature: 'c2lnbmF0dXJl',
      },
    ],
  },
});

const output = { recipient: bob, quantity: 40n, memo: 'one' };
const noteIds = [noteIdOf(alice, sendTx, 0), noteIdOf(alice, sendTx, 1)];

/** One example of each record that is stored, signed or sent; `vectors/records.json` has their canonical text. */
export const samples: readonly Sample[] = [
  sample('note', noteShape, noteSample),
  sample('escrow note', escrowNoteShape, escrowSample),
  sample('supply record', supplyRecordShape, {
    version: 1,
    kind: 'issued',
    asset: energy,
    quantity: 5n,
    account: alice,
  }),
  sample('packet, transfer', packetShape, transferSample),
  sample('packet, retirement', packetShape, retirementSample),
  sample('receipt, received', receiptShape, receivedSample),
  sample('receipt, refused', receiptShape, refusedSample),
  sample('receipt entry', receiptEntryShape, receiptEntrySample),
  sample('outbox record', outboxRecordShape, outboxSample),
  sample('in-flight entry', inFlightShape, inFlightSample),
  sample('settled entry', settledShape, settledSample),
  sample('batch of packets', packetBatchShape, packetBatchSample),
  sample('batch of receipts', receiptBatchShape, receiptBatchSample),
  sample('batch of packets, version 1', packetBatch1Shape, inVersion1(packetBatchSample)),
  sample('batch of receipts, version 1', receiptBatch1Shape, receiptBatch1Sample),
  sample('asset', assetShape, energyAsset),
  sample('asset of version 1', storedAssetShape, earlierAssetSample),
  sample('lane', laneShape, laneBetween(city, charging)),
  sample('committee', committeeShape, trustSample.committee),
  sample('trust record', trustRecordShape, trustSample),
  sample('configuration', configurationShape, configurationSample),
  sample('configuration of version 2', storedConfigurationShape, earlierConfigurationSample),
  sample('chain record', chainRecordShape, { version: 3, ...chainOf(configurationSample) }),
  sample('chain record, version 2', chainRecordShape, { version: 2, ...chainOf(configurationSample) }),
  sample('chain record, version 1', chainRecordShape, { version: 1, chainId: city, sequence: 1 }),
  sample('approval', approvalShape, { version: 1, account: alice }),
  sample('request of issue', issueRequestShape, { asset: energy, outputs: [output] }),
  sample('request of transfer', transferRequestShape, { noteIds, outputs: [output] }),
  sample('request of retire', retireRequestShape, { noteIds, quantity: 7n }),
  sample('request of send', sendRequestShape, {
    laneId: cityToCharging,
    noteIds,
    outputs: [{ kind: 'transfer', ...output }],
    deadlineMs: 1_700_000_600_000n,
  }),
  sample('request of receive and settle', certificateRequestShape, {
    certificate: certificateFormSample,
    escrowIds: [escrowSample.id],
  }),
  sample('request of receive and settle, certificate of version 2', certificateRequestShape, {
    certificate: compactFormOf(receiptBatchSample),
    escrowIds: [],
  }),
  sample('request of receive and settle, batch of version 1', certificateRequestShape, {
    certificate: compactFormOf(receiptBatch1Sample),
    escrowIds: [],
  }),
  sample('request of mergeEscrow', mergeEscrowRequestShape, {
    laneId: cityToCharging,
    escrowIds: [escrowSample.id, escrowIdOf(sendTx, 1)],
  }),
  sample('proof file', proofFileShape, {
    version: 1,
    packetId: transferSample.id,
    certificate: certificateFormSample,
  }),
  sample('request of getConfiguration and getStandings', emptyRequestShape, {}),
  sample('request of exportPackets and exportReceipts', exportRequestShape, {
    laneId: cityToCharging,
    txIds: [sendTx],
  }),
  sample('request of getTransfer', packetRequestShape, { packetId: transferSample.id }),
  sample('request of getReceipts', packetsRequestShape, { packetIds: [transferSample.id] }),
  sample('request of listNotes', listNotesRequestShape, { owner: alice, pageSize: 100, bookmark: '' }),
  sample('request of listEscrow', listEscrowRequestShape, { laneId: cityToCharging, pageSize: 100, bookmark: '' }),
  sample('request of listInFlight', listInFlightRequestShape, {
    laneId: cityToCharging,
    pageSize: 100,
    bookmark: '\u0000next',
  }),
  sample('request of listInFlight, all lanes', listInFlightRequestShape, { pageSize: 100, bookmark: '\u0000next' }),
  sample('answer of issue, transfer and retire', notesAnswerShape, { txId: sendTx, noteIds }),
  sample('answer of send', sendAnswerShape, { txId: sendTx, packetIds: [transferSample.id], noteIds: [] }),
  sample('answer of mergeEscrow', mergeEscrowAnswerShape, { txId: receiveTx, escrowId: escrowIdOf(receiveTx, 0) }),
  sample('answer of receive and settle', resultsAnswerShape, {
    txId: receiveTx,
    results: [{ packetId: transferSample.id, result: 'skipped', code: 'ESCROW_NOT_NAMED' }],
  }),
  sample('answer of approveConfiguration and commitConfiguration', configurationAnswerShape, {
    txId: receiveTx,
    hash: 'c'.repeat(64),
  }),
  sample('answer of getTransfer', transferAnswerShape, {
    packet: transferSample,
    state: 'refunded',
    code: 'DEADLINE_PASSED',
    settledTxId: settleTx,
  }),
  sample('answer of getReceipts', receiptsAnswerShape, [receiptEntrySample]),
  sample('answer of listNotes', notesPageShape, { entries: [noteSample], bookmark: '' }),
  sample('answer of listEscrow', escrowPageShape, { entries: [escrowSample], bookmark: '\u0000next' }),
  sample('answer of listInFlight', inFlightPageShape, { entries: [inFlightSample], bookmark: '' }),
  ...governanceSamples,
  ...evidenceSamples,
  sample('event', pegEventShape, {
    version: 1,
    packets: [{ id: transferSample.id, laneId: cityToCharging }],
    receipts: [],
    settled: [],
  }),
];

function chainOf({ chainId, members }: Configuration): Pick<ChainRecord, 'chainId' | 'sequence' | 'members'> {
  return { chainId, sequence: 1, members };
}

function raise(): never {
  throw new Error('the fixture has no members');
}

/** The sample of that name. */
export function sampleNamed(name: string): Sample {
  return samples.find((candidate) => candidate.name === name) ?? raise();
}
