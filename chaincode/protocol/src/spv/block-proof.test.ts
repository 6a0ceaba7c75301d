// SPDX-License-Identifier: Apache-2.0

import { decode, encode } from '../codec/codec';
import { codeOf } from '../testing';
import { blockProofCorpus, genuineBlockProofs } from '../testing/light-client';
import { revocationList } from '../testing/certificate-writer';
import { organizationPlan } from '../testing/light-client/block-writer';
import {
  blockProof,
  lastBlock,
  linkedStep,
  linksBetween,
  rulesOf,
  type Scenario,
  scenario,
  sendingBlock,
  signedHeader,
  withData,
} from '../testing/light-client/scenario';
import { reconfiguration } from '../testing/light-client/step-corpus';
import { sendEnvelope, sendOf, transactionEnvelope, validityOf } from '../testing/light-client/transaction-writer';
import { grid, identityOf, members, regulator } from '../testing/members';
import { message } from '../testing/proof-writer';
import { readSignedHeader } from './signed-header';
import {
  type BlockProof,
  blockProofCodec,
  type BlockProofRules,
  maximumBlockProofLength,
  verifyBlockProof,
} from './block-proof';

describe.each(['raft', 'bft'] as const)('a block proof under %s', (kind) => {
  const corpus = blockProofCorpus(kind);

  test.each(Object.entries(genuineBlockProofs(kind)))('is accepted %s', (_, { proof, rules }) => {
    const read = decode(blockProofCodec, encode(blockProofCodec, proof), maximumBlockProofLength);
    const { number, transactions } = verifyBlockProof(read, rules);
    expect(number).toBe(4n);
    expect(transactions).toMatchObject([{ organizations: ['GridMSP', 'MicrogridMSP'], record: { version: 1 } }]);
  });
  test('is forged in more than 200 ways', () => {
    expect(new Set(corpus.map(({ name }) => name)).size).toBe(corpus.length);
    expect(corpus.length).toBeGreaterThan(200);
  });
  test('is refused with each code that there is for it', () => {
    const ofHeaders = ['ORDERERS_TOO_FEW', 'ORDERER_REPEATED', 'ORDERER_SIGNATURE_FORM', 'ORDERER_STRANGER'];
    const ofRaft = ['ORDERER_REVOKED', 'SIGNER_NOT_ORDERER'];
    const ofSteps = ['CHANNEL_CONFIGURATION_INVALID', 'CONFIGURATION_SKIPPED', 'CONFIGURATION_STALE'];
    const ofPlace = ['DEPTH_TOO_SMALL', 'HEADER_NOT_FOLLOWED', 'HEADER_NOT_NEWER', 'HEADER_UNLINKED'];
    const ofData = ['BLOCK_DATA_DIFFERS', 'ENVELOPE_MALFORMED'];
    const ofTransactions = ['BATCH_MALFORMED', 'OUTBOX_NOT_WRITTEN', 'PROOF_FOREIGN', 'PROOF_MALFORMED'];
    const ofEndorsers = ['ENDORSEMENTS_TOO_FEW', 'ENDORSER_NOT_PEER', 'ENDORSER_REPEATED', 'ENDORSER_REVOKED'];
    const others = ['ENDORSER_STRANGER', 'SIGNATURE_INVALID', 'TRANSACTION_INVALID'];
    const codes = [...ofHeaders, ...ofSteps, ...ofPlace, ...ofData, ...ofTransactions, ...ofEndorsers, ...others];
    expect([...new Set(corpus.map(({ code }) => code))].sort()).toEqual(
      [...codes, ...(kind === 'raft' ? ofRaft : [])].sort(),
    );
  });
  test.each(corpus.map(({ name, code, ...forged }) => [name, code, forged] as const))(
    'PEG-7: T01: T02: is refused with %s: %s',
    (_, code, { proof, rules }) => {
      expect(codeOf(() => verifyBlockProof(proof, rules))).toBe(code);
    },
  );

  const chain = scenario(kind);
  const genuine = chain.envelopes[sendingBlock] ?? [];
  const verdictOf = (of: Scenario, changes: Partial<BlockProof> = {}, rules: Partial<BlockProofRules> = {}): string =>
    codeOf(() => verifyBlockProof(blockProof(of, changes), { ...rulesOf(of), ...rules }));

  test('says which packets were sent, and leaves what is followed as it was without steps', () => {
    const { transactions, followed } = verifyBlockProof(blockProof(chain), rulesOf(chain));
    const { txId, record } = chain.send;
    expect(transactions).toEqual([{ txId, record, organizations: ['GridMSP', 'MicrogridMSP'] }]);
    expect(followed).toBe(chain.followed);
  });
  test('says what is followed after its steps', () => {
    const { followed } = verifyBlockProof(blockProof(chain, { steps: [linkedStep(chain, 5)] }), rulesOf(chain));
    expect(followed.head.number).toBe(5n);
  });
  test('is good for exactly the depth that there is, under the newest header of all', () => {
    expect(verdictOf(chain, { anchor: [signedHeader(chain, 4)], links: [] }, { depth: 0n })).toBe('accepted');
    expect(verdictOf(chain, { anchor: [signedHeader(chain, 4)], links: [] }, { depth: 1n })).toBe('DEPTH_TOO_SMALL');
    const deeper = { steps: [linkedStep(chain, 6)], anchor: [signedHeader(chain, 4)], links: [] };
    expect(verdictOf(chain, deeper, { depth: 2n })).toBe('accepted');
    expect(verdictOf(chain, deeper, { depth: 3n })).toBe('DEPTH_TOO_SMALL');
  });
  test('of several transactions of a block says all of them', () => {
    const second = sendOf(chain.chainId, 'second');
    const envelope = sendEnvelope(chain.channel, 'second', second);
    const of = withData(chain, [...genuine, envelope]);
    const proof = blockProof(of);
    const transactions = [...proof.transactions, { index: 3, validity: validityOf(of.channel, second, envelope) }];
    const proven = verifyBlockProof({ ...proof, transactions }, rulesOf(of));
    expect(proven.transactions.map(({ txId }) => txId)).toEqual([chain.send.txId, second.txId]);
  });
  test('T12: stays good when the channel is configured anew, by links over the configuration', () => {
    const configuration = reconfiguration(chain);
    const { header } = readSignedHeader(configuration.signed);
    const links = [...linksBetween(chain, sendingBlock, lastBlock + 1), header.dataHash];
    expect(verdictOf(chain, { steps: [configuration], anchor: [], links })).toBe('accepted');
    expect(verdictOf(chain, { steps: [configuration], links: links.slice(0, -1) })).toBe('CONFIGURATION_STALE');
  });
  test('T13: T06: counts peers of the organizations that the channel has by then', () => {
    const rest = members.slice(1).map(organizationPlan);
    const changes = [
      { organizations: rest },
      { organizations: [{ ...organizationPlan(grid), caCertificates: [regulator.caCertificate] }, ...rest] },
      { organizations: [{ ...organizationPlan(grid), units: { peer: 'endorser', orderer: 'orderer' } }, ...rest] },
      { organizations: [{ ...organizationPlan(grid), revocationLists: [revocationList(grid, ['1001'])] }, ...rest] },
    ];
    const verdicts = changes.map((change) => {
      const configuration = reconfiguration(chain, change);
      const { header } = readSignedHeader(configuration.signed);
      const links = [...linksBetween(chain, sendingBlock, lastBlock + 1), header.dataHash];
      return verdictOf(chain, { steps: [configuration], anchor: [], links });
    });
    expect(verdicts).toEqual(['ENDORSER_STRANGER', 'ENDORSER_STRANGER', 'ENDORSER_NOT_PEER', 'ENDORSER_REVOKED']);
  });
  test('T21: is not hindered by what a stranger writes into an envelope of the same block', () => {
    const [first = Buffer.alloc(0), ...rest] = genuine;
    const written = [
      message([3, 'x']),
      message([1, 5]),
      message([2, 1], [2, 2]),
      Buffer.from([0x19, 1, 2, 3, 4, 5, 6, 7, 8]),
      Buffer.from([0x1d, 1, 2, 3, 4]),
      Buffer.concat([Buffer.from([0x1b, 0x23]), message([1, 'x'], [2, 'y']), Buffer.from([0x24, 0x1c])]),
      Buffer.from([0x9a, 0x00, 0x81, 0x00, 1]),
      message([3, '']),
    ];
    const strangers = written.map((bytes) => Buffer.concat([first, bytes]));
    const unreadable = message([1, 'no payload of Fabric'], [2, 'x']);
    for (const stranger of [...strangers, unreadable])
      expect(verdictOf(withData(chain, [stranger, ...rest]))).toBe('accepted');
  });
  test('is good for a transaction of an older client, which names its TLS certificate', () => {
    const edit = (part: string, bytes: Buffer): Buffer =>
      part === 'channelHeader' ? Buffer.concat([bytes, message([8, 'hash of a certificate'])]) : bytes;
    const envelope = sendEnvelope(chain.channel, 'send', chain.send, { edit });
    expect(verdictOf({ ...withData(chain, [envelope]), index: 0 })).toBe('accepted');
  });
  test('is good for a transaction that writes thousands of keys', () => {
    const others = Array.from({ length: 5000 }, (_, place) => ['gridpeg', place.toString(), 'x'] as const);
    const writes = [...others, ['gridpeg', chain.send.key, chain.send.value] as const];
    const envelope = transactionEnvelope(chain.channel, 'send', { writes });
    expect(verdictOf({ ...withData(chain, [envelope]), index: 0 })).toBe('accepted');
  });
  test('T07: is good with endorsers of all members, each once', () => {
    const envelope = genuine[chain.index] ?? Buffer.alloc(0);
    const endorsers = members.map((member) => identityOf(member));
    const validity = validityOf(chain.channel, chain.send, envelope, { endorsers });
    expect(verdictOf(chain, { transactions: [{ index: chain.index, validity }] })).toBe('accepted');
  });
});
