// SPDX-License-Identifier: Apache-2.0

import { message } from '../proof/fabric-message';

/**
 * The Fabric messages that blocks consist of (fabric-protos: common/common.proto, peer/transaction.proto,
 * ledger/rwset/rwset.proto, ledger/rwset/kvrwset/kv_rwset.proto), read by the rules of `proof/fabric-message`.
 */

export const readEnvelope = message({ payload: 'bytes', signature: 'bytes' }, { payload: 1, signature: 2 });
export const readPayload = message({ header: 'bytes', data: 'bytes' }, { header: 1, data: 2 });
export const readHeader = message(
  { channelHeader: 'bytes', signatureHeader: 'bytes' },
  { channelHeader: 1, signatureHeader: 2 },
);
/** With all fields: configuration transactions have a version, older clients name their TLS certificate. */
export const readWholeChannelHeader = message(
  {
    type: 'integer',
    headerVersion: 'integer',
    timestamp: 'bytes',
    channelId: 'bytes',
    txId: 'bytes',
    epoch: 'long',
    extension: 'bytes',
    tlsCertHash: 'bytes',
  },
  {
    ...{ type: 1, headerVersion: 2, timestamp: 3, channelId: 4 },
    ...{ txId: 5, epoch: 6, extension: 7, tlsCertHash: 8 },
  },
);

/** What orderers sign is a message with an empty one inside in a chain's first blocks, so any spelling counts. */
const signedByOrderers = { spelling: 'any' } as const;
export const readMetadata = message(
  { value: 'bytes', signatures: 'list' },
  { value: 1, signatures: 2 },
  signedByOrderers,
);
export const readMetadataSignature = message(
  { signatureHeader: 'bytes', signature: 'bytes', identifierHeader: 'bytes' },
  { signatureHeader: 1, signature: 2, identifierHeader: 3 },
);
export const readOrdererBlockMetadata = message(
  { lastConfig: 'bytes', consenterMetadata: 'bytes' },
  { lastConfig: 1, consenterMetadata: 2 },
  signedByOrderers,
);
export const readLastConfig = message({ index: 'long' }, { index: 1 }, signedByOrderers);
export const readIdentifierHeader = message({ identifier: 'integer', nonce: 'bytes' }, { identifier: 1, nonce: 2 });

export const readTransaction = message({ actions: 'list' }, { actions: 1 });
export const readTransactionAction = message({ header: 'bytes', payload: 'bytes' }, { header: 1, payload: 2 });
export const readChaincodeActionPayload = message(
  { proposalPayload: 'bytes', action: 'bytes' },
  { proposalPayload: 1, action: 2 },
);
export const readEndorsedAction = message(
  { responsePayload: 'bytes', endorsements: 'list' },
  { responsePayload: 1, endorsements: 2 },
);
export const readReadWriteSet = message({ dataModel: 'integer', namespaces: 'list' }, { dataModel: 1, namespaces: 2 });
export const readNamespaceSet = message(
  { namespace: 'bytes', sets: 'bytes', collections: 'list' },
  { namespace: 1, sets: 2, collections: 3 },
);
/** A transaction for a hundred packets reads and writes some thousand keys. */
export const readKeyValueSet = message(
  { reads: 'list', rangeQueries: 'list', writes: 'list', metadataWrites: 'list' },
  { reads: 1, rangeQueries: 2, writes: 3, metadataWrites: 4 },
  { listLength: 16_384 },
);
export const readWrite = message(
  { key: 'bytes', isDelete: 'integer', value: 'bytes' },
  { key: 1, isDelete: 2, value: 3 },
);
/** What `qscc` answers on a transaction. */
export const readProcessedTransaction = message(
  { envelope: 'bytes', validationCode: 'integer' },
  { envelope: 1, validationCode: 2 },
);
