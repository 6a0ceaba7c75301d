// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one table of transactions, good and bad.

import { encode } from '../../codec/codec';
import { stateKey } from '../../codec/state-key';
import { type OutboxRecord, outboxRecordCodec } from '../../records/records';
import { city } from '../consortium';
import { grid, identityOf, microgridMember, regulator } from '../members';
import { keyNamed } from '../certificate-writer';
import { fabricMessage, message, type ProofPart, proofParts } from '../proof-writer';
import { type BlockProof } from '../../spv/block-proof';
import { type ForgedProof, type ProofForgeries, type ProofForgery } from './place-corpus';
import { blockProof, rulesOf, type Scenario, sendingBlock, withData } from './scenario';
import { configurationBlock, configurationPlan } from './block-writer';
import {
  sendEnvelope,
  transactionEnvelope,
  type TransactionPart,
  type TransactionPlan,
  txIdOf,
  validityOf,
  type ValidityPlan,
} from './transaction-writer';

const nonce = 'send';

/** A block that orderers signed, and a transaction in it that peers found valid. */
const signedTransaction =
  (envelopeOf: (of: Scenario) => Buffer): ProofForgery['forge'] =>
  (of) => {
    const other = withData(of, [envelopeOf(of)]);
    return { proof: blockProof({ ...other, index: 0 }), rules: rulesOf(of) };
  };
const sent = (changes: (of: Scenario) => Partial<TransactionPlan>): ProofForgery['forge'] =>
  signedTransaction((of) => sendEnvelope(of.channel, nonce, of.send, changes(of)));
const edited = (part: TransactionPart, change: (bytes: Buffer) => Buffer): ProofForgery['forge'] =>
  sent(() => ({ edit: (at, bytes) => (at === part ? change(bytes) : bytes) }));
const more = (bytes: Buffer): Buffer => Buffer.concat([bytes, message([15, 'x'])]);
const writesOf = (writes: (of: Scenario) => TransactionPlan['writes']): ProofForgery['forge'] =>
  sent((of) => ({ writes: writes(of) }));
const recordOf = (change: (record: OutboxRecord) => OutboxRecord): ProofForgery['forge'] =>
  writesOf(({ send }) => [['gridpeg', send.key, encode(outboxRecordCodec, change(send.record))]]);

/** Messages on the way from the envelope to the key. */
const onTheWay: readonly TransactionPart[] = [
  ...(['channelHeader', 'signatureHeader', 'header', 'payload', 'transaction', 'transactionAction'] as const),
  ...(['actionPayload', 'endorsedAction', 'responsePayload', 'action', 'readWriteSet', 'namespaceSet'] as const),
  ...(['keyValueSet', 'write'] as const),
];
const strict: ProofForgeries = Object.fromEntries(
  onTheWay.flatMap((part) => [
    [`an unknown field in the ${part} of the transaction`, ['PROOF_MALFORMED', edited(part, more)] as const],
    [
      `the ${part} of the transaction cut short`,
      ['PROOF_MALFORMED', edited(part, (bytes) => bytes.subarray(0, -1))] as const,
    ],
  ]),
);

/** What is wrong with the transaction. */
export const transactionForgeries: ProofForgeries = {
  ...strict,
  'an unknown field in the envelope of the transaction': ['PROOF_MALFORMED', edited('envelope', more)],
  'a configuration in the place of the transaction': [
    'PROOF_FOREIGN',
    signedTransaction((of) => configurationBlock(undefined, configurationPlan(of.kind, { sequence: 1 })).envelope),
  ],
  'a transaction of another kind': ['PROOF_FOREIGN', sent(() => ({ headerType: 0 }))],
  'a transaction of another channel': ['PROOF_FOREIGN', sent(() => ({ channel: 'microgrid' }))],
  'a transaction without channel': ['PROOF_FOREIGN', sent(() => ({ channel: '' }))],
  'an id that is not that of nonce and creator': ['PROOF_FOREIGN', sent(() => ({ txId: 'a'.repeat(64) }))],
  'an id in capitals': ['PROOF_FOREIGN', sent(({ send }) => ({ txId: send.txId.toUpperCase() }))],
  'another creator for the same id': [
    'PROOF_FOREIGN',
    sent(({ send }) => ({ creator: regulator.client, txId: send.txId })),
  ],
  'two actions in the transaction': [
    'PROOF_MALFORMED',
    edited('transaction', (bytes) => Buffer.concat([bytes, bytes])),
  ],
  'no action in the transaction': ['PROOF_MALFORMED', edited('transaction', () => Buffer.alloc(0))],
  'two payloads in the action': [
    'PROOF_MALFORMED',
    edited('transactionAction', (bytes) => Buffer.concat([bytes, message([2, 'x'])])),
  ],
  'a namespace twice': [
    'PROOF_MALFORMED',
    edited('readWriteSet', (bytes) => Buffer.concat([bytes, message([2, fabricMessage([1, 'gridpeg'])])])),
  ],
  'another data model': ['PROOF_MALFORMED', edited('readWriteSet', (bytes) => Buffer.concat([message([1, 1]), bytes]))],
  'no results': ['OUTBOX_NOT_WRITTEN', edited('readWriteSet', () => Buffer.alloc(0))],
  'its key twice': [
    'PROOF_MALFORMED',
    writesOf(({ send: { key, value } }) => [
      ['gridpeg', key, value],
      ['gridpeg', key, value],
    ]),
  ],
  'its key in another namespace': ['OUTBOX_NOT_WRITTEN', writesOf(({ send }) => [['other', send.key, send.value]])],
  'its key in a namespace whose name begins alike': [
    'OUTBOX_NOT_WRITTEN',
    writesOf(({ send }) => [['gridpeg2', send.key, send.value]]),
  ],
  'the key of another transaction': [
    'OUTBOX_NOT_WRITTEN',
    writesOf(({ send }) => [['gridpeg', stateKey('outbox', 'a'.repeat(64)), send.value]]),
  ],
  'a key that goes on': ['OUTBOX_NOT_WRITTEN', writesOf(({ send }) => [['gridpeg', `${send.key}x`, send.value]])],
  'the record under a key of another kind': [
    'OUTBOX_NOT_WRITTEN',
    writesOf(({ send }) => [['gridpeg', stateKey('receipt', send.txId), send.value]]),
  ],
  'nothing written': ['OUTBOX_NOT_WRITTEN', writesOf(() => [])],
  'its key deleted': [
    'OUTBOX_NOT_WRITTEN',
    edited('write', (bytes) => Buffer.concat([bytes.subarray(0, bytes.indexOf(0x1a)), message([2, 1])])),
  ],
  'its key deleted and written': [
    'OUTBOX_NOT_WRITTEN',
    edited('write', (bytes) => {
      const end = 2 + (bytes[1] ?? 0);
      return Buffer.concat([bytes.subarray(0, end), message([2, 1]), bytes.subarray(end)]);
    }),
  ],
  'a record that is none': ['BATCH_MALFORMED', writesOf(({ send }) => [['gridpeg', send.key, '{}']])],
  'a record with white space': ['BATCH_MALFORMED', writesOf(({ send }) => [['gridpeg', send.key, `${send.value} `]])],
  'an empty record': ['BATCH_MALFORMED', writesOf(({ send }) => [['gridpeg', send.key, '']])],
  'a record that is no UTF-8': ['BATCH_MALFORMED', writesOf(({ send }) => [['gridpeg', send.key, '\ud800']])],
  'a packet of another chain': [
    'PROOF_FOREIGN',
    recordOf((record) => ({
      ...record,
      packets: record.packets.map((packet) => ({ ...packet, sourceChainId: city })),
    })),
  ],
  'a packet of another transaction': [
    'PROOF_FOREIGN',
    recordOf((record) => ({
      ...record,
      packets: record.packets.map((packet) => ({ ...packet, txId: txIdOf(Buffer.alloc(24)) })),
    })),
  ],
};

/** A genuine block with another answer about its transaction. */
const answered =
  (change: (of: Scenario, envelope: Buffer) => Partial<ValidityPlan>): ProofForgery['forge'] =>
  (of) => {
    const envelope = of.envelopes[sendingBlock]?.[of.index] ?? Buffer.alloc(0);
    const validity = validityOf(of.channel, of.send, envelope, change(of, envelope));
    return { proof: blockProof(of, { transactions: [{ index: of.index, validity }] }), rules: rulesOf(of) };
  };
type Validity = BlockProof['transactions'][number]['validity'];
const answer =
  (change: (validity: Validity) => Partial<Validity>): ProofForgery['forge'] =>
  (of) => {
    const proof = blockProof(of);
    const transactions = proof.transactions.map(({ index, validity }) => ({
      index,
      validity: { ...validity, ...change(validity) },
    }));
    return { proof: { ...proof, transactions }, rules: rulesOf(of) };
  };
const asked = (args: (of: Scenario) => readonly string[]): ProofForgery['forge'] =>
  answered((of) => ({ args: args(of) }));
const endorsedBy = (...endorsers: ValidityPlan['endorsers']): ProofForgery['forge'] => answered(() => ({ endorsers }));
const textOf = (bytes: Buffer): string => bytes.toString('base64');
const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');
/** Messages of a proposal and its response that a validity answer reads. */
const readParts = proofParts.filter((part) => part !== 'endorser');
const unread = (part: ProofPart): ProofForgery['forge'] =>
  answered(() => ({ edit: (at, bytes) => (at === part ? more(bytes) : bytes) }));

/** What is wrong with the peers' answer. */
export const validityForgeries: ProofForgeries = {
  ...Object.fromEntries(
    readParts
      .filter((part) => !['response', 'action', 'responsePayload'].includes(part))
      .map((part) => [`an unknown field in the ${part} of the answer`, ['PROOF_MALFORMED', unread(part)] as const]),
  ),
  'an invalid transaction in a true block': ['TRANSACTION_INVALID', answered(() => ({ validationCode: 11 }))],
  'a transaction that its endorsers did not sign': ['TRANSACTION_INVALID', answered(() => ({ validationCode: 10 }))],
  'a transaction whose id was there before': ['TRANSACTION_INVALID', answered(() => ({ validationCode: 9 }))],
  'a transaction that was not validated': ['TRANSACTION_INVALID', answered(() => ({ validationCode: 254 }))],
  'an answer about another transaction': [
    'PROOF_FOREIGN',
    asked(({ channel }) => ['GetTransactionByID', channel, 'a'.repeat(64)]),
  ],
  'an answer about the id in capitals': [
    'PROOF_FOREIGN',
    asked(({ channel, send }) => ['GetTransactionByID', channel, send.txId.toUpperCase()]),
  ],
  'an answer about a transaction of another channel': [
    'PROOF_FOREIGN',
    asked(({ send }) => ['GetTransactionByID', 'microgrid', send.txId]),
  ],
  'an answer of another function': [
    'PROOF_FOREIGN',
    asked(({ channel, send }) => ['GetBlockByTxID', channel, send.txId]),
  ],
  'an answer of a function whose name goes on': [
    'PROOF_FOREIGN',
    asked(({ channel, send }) => ['GetTransactionByID2', channel, send.txId]),
  ],
  'an argument missing': ['PROOF_FOREIGN', asked(({ channel }) => ['GetTransactionByID', channel])],
  'an argument too many': [
    'PROOF_FOREIGN',
    asked(({ channel, send }) => ['GetTransactionByID', channel, send.txId, '']),
  ],
  'no arguments': ['PROOF_FOREIGN', asked(() => ['GetTransactionByID'])],
  'a proposal on another channel': ['PROOF_FOREIGN', answered(() => ({ channel: 'microgrid' }))],
  'a proposal to other chaincode': ['PROOF_FOREIGN', answered(() => ({ chaincode: 'gridpeg' }))],
  'a proposal with other chaincode in its header': ['PROOF_FOREIGN', answered(() => ({ headerChaincode: 'gridpeg' }))],
  'an answer of other chaincode': ['PROOF_FOREIGN', answered(() => ({ answeringChaincode: 'gridpeg' }))],
  'an answer that repeats what qscc says, by other chaincode': [
    'PROOF_FOREIGN',
    answered(() => ({ headerChaincode: 'gridpeg', chaincode: 'gridpeg', answeringChaincode: 'gridpeg' })),
  ],
  'an answer to another proposal': ['PROOF_FOREIGN', answered(() => ({ proposalHash: Buffer.alloc(32, 7) }))],
  'a proposal that is no endorser transaction': ['PROOF_FOREIGN', answered(() => ({ headerType: 1 }))],
  'an answer that failed': ['PROOF_FOREIGN', answered(() => ({ status: 500 }))],
  'an answer about another envelope': [
    'PROOF_MALFORMED',
    (of: Scenario): ForgedProof => {
      const proof = answered((own) => ({ answered: transactionEnvelope(own.channel, 'another') }))(of);
      return proof;
    },
  ],
  'an answer about another envelope of that length, with the one of the block beside it': [
    'PROOF_MALFORMED',
    answered((_, envelope) => ({
      answered: Buffer.concat([envelope.subarray(0, -1), Buffer.from('X')]),
      edit: (part, bytes) => (part === 'action' ? Buffer.concat([message([2, envelope]), bytes]) : bytes),
    })),
  ],
  'an answer about an envelope that goes on': [
    'PROOF_MALFORMED',
    answered((_, envelope) => ({ answered: Buffer.concat([envelope, message([3, 'x'])]) })),
  ],
  'the envelope in the answer twice': [
    'PROOF_MALFORMED',
    (of: Scenario): ForgedProof => {
      const envelope = of.envelopes[sendingBlock]?.[of.index] ?? Buffer.alloc(0);
      return answer(({ after }) => ({ after: textOf(Buffer.concat([envelope, bytesOf(after)])) }))(of);
    },
  ],
  'a byte of the answer moved behind the envelope': [
    'PROOF_MALFORMED',
    answer(({ before, after }) => ({
      before: textOf(bytesOf(before).subarray(0, -1)),
      after: textOf(Buffer.concat([bytesOf(before).subarray(-1), bytesOf(after)])),
    })),
  ],
  'nothing before the envelope': ['PROOF_MALFORMED', answer(() => ({ before: '' }))],
  'nothing after the envelope': ['PROOF_MALFORMED', answer(() => ({ after: '' }))],
  'bytes behind the answer': [
    'PROOF_MALFORMED',
    answer(({ after }) => ({ after: textOf(Buffer.concat([bytesOf(after), Buffer.alloc(1)])) })),
  ],
  'an unknown field in the transaction answered': [
    'PROOF_MALFORMED',
    answered((_, envelope) => ({ payload: more(fabricMessage([1, envelope])) })),
  ],
  'a validation code in a longer spelling': [
    'PROOF_MALFORMED',
    answered((_, envelope) => ({
      payload: Buffer.concat([fabricMessage([1, envelope]), Buffer.from([0x10, 0x80, 0x00])]),
    })),
  ],
  'two validation codes': [
    'PROOF_MALFORMED',
    answered((_, envelope) => ({
      payload: Buffer.concat([fabricMessage([1, envelope], [2, 11]), Buffer.from([0x10, 0])]),
    })),
  ],
  'peers of one organization only': ['ENDORSEMENTS_TOO_FEW', endorsedBy(grid.peer)],
  'one peer twice': ['ENDORSER_REPEATED', endorsedBy(grid.peer, grid.peer)],
  'two peers of one organization': ['ENDORSER_REPEATED', endorsedBy(grid.peer, identityOf(grid))],
  'a client': ['ENDORSER_NOT_PEER', endorsedBy(grid.peer, microgridMember.client)],
  'an administrator': ['ENDORSER_NOT_PEER', endorsedBy(grid.peer, microgridMember.admin)],
  'an orderer as endorser': ['ENDORSER_NOT_PEER', endorsedBy(grid.peer, microgridMember.orderer)],
  'an authority as endorser': [
    'ENDORSER_NOT_PEER',
    endorsedBy(grid.peer, {
      mspId: microgridMember.mspId,
      certificate: microgridMember.caCertificate,
      key: microgridMember.caKey,
    }),
  ],
  'a stranger’s certificate in a member’s name': [
    'ENDORSER_STRANGER',
    endorsedBy(grid.peer, { ...identityOf({ ...microgridMember, caKey: keyNamed('nobody') }) }),
  ],
  'a peer in another member’s name': [
    'ENDORSER_STRANGER',
    endorsedBy(grid.peer, { ...regulator.peer, mspId: microgridMember.mspId }),
  ],
  'an organization that the channel has not': [
    'ENDORSER_STRANGER',
    endorsedBy(grid.peer, { ...regulator.peer, mspId: 'OtherMSP' as typeof regulator.mspId }),
  ],
  'a peer that the ledger’s own record revokes': [
    'ENDORSER_REVOKED',
    (of: Scenario): ForgedProof => {
      const genuine = rulesOf(of);
      const organizations = genuine.trust.organizations.map((own) => ({ ...own, revokedSerials: ['1001'] }));
      return { proof: blockProof(of), rules: { ...genuine, trust: { ...genuine.trust, organizations } } };
    },
  ],
  'more organizations asked for than endorsed': [
    'ENDORSEMENTS_TOO_FEW',
    (of: Scenario): ForgedProof => {
      const genuine = rulesOf(of);
      return { proof: blockProof(of), rules: { ...genuine, trust: { ...genuine.trust, minimumOrganizations: 3 } } };
    },
  ],
  'a signature of another peer': [
    'SIGNATURE_INVALID',
    endorsedBy(grid.peer, { ...microgridMember.peer, key: regulator.peer.key }),
  ],
  'signatures exchanged': [
    'SIGNATURE_INVALID',
    answer(({ endorsements }) => ({
      endorsements: endorsements.map((own, place) => ({
        ...own,
        signature: endorsements.at(place - 1)?.signature ?? '',
      })),
    })),
  ],
  'a signature over something else': [
    'SIGNATURE_INVALID',
    answered(() => ({ sign: (_, bytes) => bytes.subarray(0, 70) })),
  ],
  'another validation code under the signatures': [
    'PROOF_MALFORMED',
    answer(({ after }) => ({ after: textOf(Buffer.concat([fabricMessage([2, 1]), bytesOf(after)])) })),
  ],
  'an endorser with no certificate': [
    'PROOF_MALFORMED',
    answer(({ endorsements }) => ({ endorsements: endorsements.map((own) => ({ ...own, certificate: 'AAAA' })) })),
  ],
};
