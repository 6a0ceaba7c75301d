// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one table, an example of each record.

import { assetCodec, storedAssetCodec } from '../records/asset';
import {
  encodeBatch,
  exportRequestCodec,
  packetBatch1Codec,
  packetBatchCodec,
  receiptBatch1Codec,
  receiptBatchCodec,
  type Batch,
  type RecordedBatch,
} from '../records/batch';
import { type Certificate, proofFileCodec } from '../custody/certificate';
import {
  approvalCodec,
  type ChainRecord,
  chainRecordCodec,
  type Configuration,
  committeeCodec,
  configurationCodec,
  laneCodec,
  storedConfigurationCodec,
  trustRecordCodec,
} from '../records/configuration';
import { escrowIdOf, type Label, noteIdOf } from '../codec/identifiers';
import {
  type EscrowNote,
  escrowNoteCodec,
  type InFlight,
  inFlightCodec,
  type Note,
  noteCodec,
  type OutboxRecord,
  outboxRecordCodec,
  packetCodec,
  type ReceiptEntry,
  receiptEntryCodec,
  receiptCodec,
  type Settled,
  settledCodec,
  supplyRecordCodec,
} from '../records/records';
import {
  certificateRequestCodec,
  configurationResponseCodec,
  emptyRequestCodec,
  escrowPageCodec,
  inFlightPageCodec,
  issueRequestCodec,
  listEscrowRequestCodec,
  listInFlightRequestCodec,
  listNotesRequestCodec,
  mergeEscrowResponseCodec,
  mergeEscrowRequestCodec,
  notesResponseCodec,
  notesPageCodec,
  packetRequestCodec,
  packetsRequestCodec,
  pegEventCodec,
  receiptsResponseCodec,
  resultsResponseCodec,
  retireRequestCodec,
  sendResponseCodec,
  sendRequestCodec,
  transferResponseCodec,
  transferRequestCodec,
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
import { evidenceFixtures } from './evidence-fixtures';
import { governanceFixtures } from './governance-fixtures';
import { lightClientFixtures } from './light-client-fixtures';
import { message } from './proof-writer';
import { type Fixture, fixture } from './fixture';
import { configurationFixture, earlierAssetFixture, earlierConfigurationFixture, trustFixture } from './trust-fixtures';

const [sendTx, receiveTx, settleTx] = [txIdNamed('send'), txIdNamed('receive'), txIdNamed('settle')];
const cityToCharging = laneIdBetween(city, charging);
export const home: Label = { home: city, path: [] };
export const away: Label = { home: city, path: [cityToCharging] };

const noteFixture: Note = {
  version: 1,
  id: noteIdOf(alice, sendTx, 3),
  owner: alice,
  asset: energy,
  label: away,
  quantity: 999_999_999_999_999_999n,
  memo: 'a "quoted" \\ memo ~',
};
export const escrowFixture: EscrowNote = {
  version: 1,
  id: escrowIdOf(sendTx, 0),
  laneId: cityToCharging,
  asset: energy,
  label: home,
  quantity: 1n,
};
export const transferFixture = packetWith();
const retirementFixture = packetWith({
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
const receivedFixture = receiptFor(transferFixture);
export const refusedFixture = receiptFor(transferFixture, { outcome: 'refused', code: 'DEADLINE_PASSED' });
export const receiptEntryFixture: ReceiptEntry = { ...refusedFixture, txId: receiveTx };
const outboxFixture: OutboxRecord = { version: 1, packets: [transferFixture], receipts: [refusedFixture] };
export const inFlightFixture: InFlight = {
  version: 1,
  packetId: transferFixture.id,
  laneId: cityToCharging,
  txId: sendTx,
  index: 0,
};
const settledFixture: Settled = {
  ...inFlightFixture,
  outcome: 'refunded',
  code: 'DEADLINE_PASSED',
  settledTxId: settleTx,
};
export const packetBatchFixture = packetBatchOf(transferFixture, packetWith({ index: 1 }));
export const receiptBatchFixture = receiptBatchOf(transferFixture, receivedFixture);

/** As chaincode answered before batches said which transactions were asked for. */
export function inVersion1<Of extends Batch>(
  batch: Of,
): Pick<Of, 'kind' | 'laneId' | 'sourceChainId' | 'destinationChainId' | 'entries'> & { readonly version: 1 } {
  const { kind, laneId, sourceChainId, destinationChainId, entries } = batch;
  return { version: 1, kind, laneId, sourceChainId, destinationChainId, entries };
}
const receiptBatch1Fixture = inVersion1(receiptBatchFixture);

const [custodian = raise()] = trustFixture.committee.notaries;
const custodianFixture = { mode: 'custodian', custodian } as const;

/** In form only: what peers and notaries sign is in `vectors/certificate.json`. */
const certificateFormFixture: Certificate = {
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
  signatures: [{ notary: configurationFixture.members[0] ?? raise(), signature: 'c2lnbmF0dXJl' }],
};
const compactFormOf = (batch: RecordedBatch): Certificate => ({
  ...certificateFormFixture,
  version: 2,
  proof: {
    ...certificateFormFixture.proof,
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
export const fixtures: readonly Fixture[] = [
  fixture('note', noteCodec, noteFixture),
  fixture('escrow note', escrowNoteCodec, escrowFixture),
  fixture('supply record', supplyRecordCodec, {
    version: 1,
    kind: 'issued',
    asset: energy,
    quantity: 5n,
    account: alice,
  }),
  fixture('packet, transfer', packetCodec, transferFixture),
  fixture('packet, retirement', packetCodec, retirementFixture),
  fixture('receipt, received', receiptCodec, receivedFixture),
  fixture('receipt, refused', receiptCodec, refusedFixture),
  fixture('receipt entry', receiptEntryCodec, receiptEntryFixture),
  fixture('outbox record', outboxRecordCodec, outboxFixture),
  fixture('in-flight entry', inFlightCodec, inFlightFixture),
  fixture('settled entry', settledCodec, settledFixture),
  fixture('batch of packets', packetBatchCodec, packetBatchFixture),
  fixture('batch of receipts', receiptBatchCodec, receiptBatchFixture),
  fixture('batch of packets, version 1', packetBatch1Codec, inVersion1(packetBatchFixture)),
  fixture('batch of receipts, version 1', receiptBatch1Codec, receiptBatch1Fixture),
  fixture('asset', assetCodec, energyAsset),
  fixture('asset of version 1', storedAssetCodec, earlierAssetFixture),
  fixture('lane', laneCodec, laneBetween(city, charging)),
  fixture('lane of notaries', laneCodec, laneBetween(city, charging, { custody: { mode: 'notary' } })),
  fixture('lane of a custodian', laneCodec, laneBetween(city, charging, { custody: custodianFixture })),
  fixture('committee', committeeCodec, trustFixture.committee),
  fixture('trust record', trustRecordCodec, trustFixture),
  fixture('configuration', configurationCodec, configurationFixture),
  fixture('configuration of version 2', storedConfigurationCodec, earlierConfigurationFixture),
  fixture('chain record', chainRecordCodec, { version: 3, ...chainOf(configurationFixture) }),
  fixture('chain record, version 2', chainRecordCodec, { version: 2, ...chainOf(configurationFixture) }),
  fixture('chain record, version 1', chainRecordCodec, { version: 1, chainId: city, sequence: 1 }),
  fixture('approval', approvalCodec, { version: 1, account: alice }),
  fixture('request of issue', issueRequestCodec, { asset: energy, outputs: [output] }),
  fixture('request of transfer', transferRequestCodec, { noteIds, outputs: [output] }),
  fixture('request of retire', retireRequestCodec, { noteIds, quantity: 7n }),
  fixture('request of send', sendRequestCodec, {
    laneId: cityToCharging,
    noteIds,
    outputs: [{ kind: 'transfer', ...output }],
    deadlineMs: 1_700_000_600_000n,
  }),
  fixture('request of receive and settle', certificateRequestCodec, {
    certificate: certificateFormFixture,
    escrowIds: [escrowFixture.id],
  }),
  fixture('request of receive and settle, certificate of version 2', certificateRequestCodec, {
    certificate: compactFormOf(receiptBatchFixture),
    escrowIds: [],
  }),
  fixture('request of receive and settle, batch of version 1', certificateRequestCodec, {
    certificate: compactFormOf(receiptBatch1Fixture),
    escrowIds: [],
  }),
  fixture('request of mergeEscrow', mergeEscrowRequestCodec, {
    laneId: cityToCharging,
    escrowIds: [escrowFixture.id, escrowIdOf(sendTx, 1)],
  }),
  fixture('proof file', proofFileCodec, {
    version: 1,
    packetId: transferFixture.id,
    certificate: certificateFormFixture,
  }),
  fixture('request of getConfiguration and getStandings', emptyRequestCodec, {}),
  fixture('request of exportPackets and exportReceipts', exportRequestCodec, {
    laneId: cityToCharging,
    txIds: [sendTx],
  }),
  fixture('request of getTransfer', packetRequestCodec, { packetId: transferFixture.id }),
  fixture('request of getReceipts', packetsRequestCodec, { packetIds: [transferFixture.id] }),
  fixture('request of listNotes', listNotesRequestCodec, { owner: alice, pageSize: 100, bookmark: '' }),
  fixture('request of listEscrow', listEscrowRequestCodec, { laneId: cityToCharging, pageSize: 100, bookmark: '' }),
  fixture('request of listInFlight', listInFlightRequestCodec, {
    laneId: cityToCharging,
    pageSize: 100,
    bookmark: '\u0000next',
  }),
  fixture('request of listInFlight, all lanes', listInFlightRequestCodec, { pageSize: 100, bookmark: '\u0000next' }),
  fixture('answer of issue, transfer and retire', notesResponseCodec, { txId: sendTx, noteIds }),
  fixture('answer of send', sendResponseCodec, { txId: sendTx, packetIds: [transferFixture.id], noteIds: [] }),
  fixture('answer of mergeEscrow', mergeEscrowResponseCodec, { txId: receiveTx, escrowId: escrowIdOf(receiveTx, 0) }),
  fixture('answer of receive and settle', resultsResponseCodec, {
    txId: receiveTx,
    results: [{ packetId: transferFixture.id, result: 'skipped', code: 'ESCROW_NOT_NAMED' }],
  }),
  fixture('answer of approveConfiguration and commitConfiguration', configurationResponseCodec, {
    txId: receiveTx,
    hash: 'c'.repeat(64),
  }),
  fixture('answer of getTransfer', transferResponseCodec, {
    packet: transferFixture,
    state: 'refunded',
    code: 'DEADLINE_PASSED',
    settledTxId: settleTx,
  }),
  fixture('answer of getReceipts', receiptsResponseCodec, [receiptEntryFixture]),
  fixture('answer of listNotes', notesPageCodec, { entries: [noteFixture], bookmark: '' }),
  fixture('answer of listEscrow', escrowPageCodec, { entries: [escrowFixture], bookmark: '\u0000next' }),
  fixture('answer of listInFlight', inFlightPageCodec, { entries: [inFlightFixture], bookmark: '' }),
  ...governanceFixtures,
  ...evidenceFixtures,
  ...lightClientFixtures,
  fixture('event', pegEventCodec, {
    version: 1,
    packets: [{ id: transferFixture.id, laneId: cityToCharging }],
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
export function fixtureNamed(name: string): Fixture {
  return fixtures.find((candidate) => candidate.name === name) ?? raise();
}
