// SPDX-License-Identifier: Apache-2.0

import {
  type BatchKind,
  type BatchOutline,
  entryHashesOf,
  packetHashOf,
  receiptHashOf,
  type RecordedBatch,
} from '../records/batch';
import { outlineDigest } from './certificate-digest';
import { isNotaryKey, isSignedWith } from './notary-key';
import { base64Codec, type Codec, list, oneOf, record, variant, version1, version2, versions } from '../codec/codec';
import { trustHashOf, type TrustRecord } from '../records/configuration';
import { type CustodyMode } from '../records/custody';
import { type ChainId, chainIdCodec, type LaneId, type PacketId } from '../codec/identifiers';
import { type Packet, packetCodec, type Receipt, receiptCodec } from '../records/records';
import { Refused } from '../codec/refusal';
import { type DigestForm, statementInVersion1, type Statement, statementInVersion2 } from '../records/statement';

/** A batch that one notary signed. */
type SignedStatement<Entry> = Statement<Entry> & { readonly signature: string };
interface EvidenceOf<Kind extends BatchKind, Entry, Version = 1 | 2> {
  /** 2 when a statement is of certificate digest 2, otherwise 1. */
  readonly version: Version;
  readonly kind: Kind;
  readonly sourceChainId: ChainId;
  /** The notary's, as committees name it. */
  readonly publicKey: string;
  readonly statements: readonly SignedStatement<Entry>[];
}

/** Two contents that one notary signed for one packet; docs/spec/08-governance.md section 8.5. */
export type Evidence = EvidenceOf<'packets', Packet> | EvidenceOf<'receipts', Receipt>;

function evidenceOfCodec<const Kind extends BatchKind, Entry>(
  kind: Kind,
  entry: Codec<Entry>,
): Codec<EvidenceOf<Kind, Entry>> {
  const signature = { signature: base64Codec };
  const fields = { kind: oneOf(kind), sourceChainId: chainIdCodec, publicKey: base64Codec };
  return versions<EvidenceOf<Kind, Entry, 1> | EvidenceOf<Kind, Entry, 2>>({
    1: record<EvidenceOf<Kind, Entry, 1>>({
      version: version1,
      ...fields,
      statements: list(statementInVersion1<Entry, { readonly signature: string }>(entry, signature), 2, 2),
    }),
    2: record<EvidenceOf<Kind, Entry, 2>>({
      version: version2,
      ...fields,
      statements: list(statementInVersion2<Entry, { readonly signature: string }>(entry, signature), 2, 2),
    }),
  });
}
export const evidenceCodecs = {
  packets: evidenceOfCodec('packets', packetCodec),
  receipts: evidenceOfCodec('receipts', receiptCodec),
};
export const evidenceCodec: Codec<Evidence> = variant<Evidence>(evidenceCodecs);

/** A batch, the trust record under which one notary signed it, and that signature. */
export interface SignedBatch {
  readonly batch: RecordedBatch;
  readonly trust: TrustRecord;
  /** Of what: a certificate's digest is of its version and mode. */
  readonly form: DigestForm;
  readonly signature: string;
}

/**
 * Makes evidence of two batches that say different things about one packet.
 *
 * @param publicKey - of the notary that signed both
 * @returns undefined when the batches are of other sources or kinds, or agree about the packet; signatures are not
 * looked at
 */
export function evidenceFrom(
  publicKey: string,
  packetId: PacketId,
  signed: readonly [SignedBatch, SignedBatch],
): Evidence | undefined {
  const [{ batch: first }, { batch: second }] = signed;
  if (first.sourceChainId !== second.sourceChainId) return undefined;
  const version = signed.every(({ form }) => form.digestVersion === 1) ? 1 : 2;
  const common = { version, sourceChainId: first.sourceChainId, publicKey } as const;
  if (first.kind === 'packets' && second.kind === 'packets') {
    const about = [first, second].map(({ entries }) => entries.filter(({ id }) => id === packetId));
    const entries = contradiction(about, packetHashOf);
    return entries && { ...common, kind: 'packets', statements: statementsOf(signed, entries) };
  }
  if (first.kind === 'receipts' && second.kind === 'receipts') {
    const about = [first, second].map(({ entries }) => entries.filter((entry) => entry.packetId === packetId));
    const entries = contradiction(about, receiptHashOf);
    return entries && { ...common, kind: 'receipts', statements: statementsOf(signed, entries) };
  }
  return undefined;
}

/** An entry of the first list and one of the second that differ. */
function contradiction<Entry>(
  [first = [], second = []]: ReadonlyArray<readonly Entry[]>,
  hashOf: (entry: Entry) => string,
): readonly [Entry, Entry] | undefined {
  const pairs = first.flatMap((one) => second.map((other) => [one, other] as const));
  return pairs.find(([one, other]) => hashOf(one) !== hashOf(other));
}

function statementsOf<Entry>(
  [first, second]: readonly [SignedBatch, SignedBatch],
  [one, other]: readonly [Entry, Entry],
): readonly SignedStatement<Entry>[] {
  return [statementOf(first, one), statementOf(second, other)];
}

function statementOf<Entry>({ batch, trust, form, signature }: SignedBatch, entry: Entry): SignedStatement<Entry> {
  const { laneId, destinationChainId } = batch;
  const sourceConfiguration = trustHashOf(trust);
  const { epoch } = trust.committee;
  return {
    ...form,
    laneId,
    destinationChainId,
    sourceConfiguration,
    epoch,
    entryHashes: entryHashesOf(batch),
    entry,
    signature,
  };
}

/** A lane by its own source and destination, whichever way a batch travelled. */
export interface LaneReference {
  readonly laneId: LaneId;
  readonly sourceChainId: ChainId;
  readonly destinationChainId: ChainId;
}

/** What evidence proves: about which packet, and on which lanes, in which epochs and modes, the signer lied. */
export interface ProvenLie {
  readonly packetId: PacketId;
  readonly lanes: ReadonlyArray<LaneReference & { readonly epoch: number; readonly mode: CustodyMode }>;
}

/**
 * Verifies evidence from its own bytes. That the key is a notary's is for the caller's ledger to say.
 *
 * @throws Refused EVIDENCE_INVALID, SIGNATURE_INVALID
 */
export function verifyEvidence(evidence: Evidence): ProvenLie {
  const { kind, sourceChainId, publicKey } = evidence;
  const statements =
    evidence.kind === 'packets' ? evidence.statements.map(ofPacket) : evidence.statements.map(ofReceipt);
  const [first, second] = statements;
  if (first === undefined || second === undefined) throw invalid('statements', 'two');
  if (!isNotaryKey(publicKey)) throw invalid('publicKey', 'a P-256 public key');
  if (first.packetId !== second.packetId) throw invalid('statements.entry', 'two contents for one packet');
  if (first.hash === second.hash) throw invalid('statements.entry', 'contents that differ');
  for (const statement of statements) {
    const { hash, laneId, destinationChainId, entryHashes, sourceConfiguration, epoch, signature } = statement;
    if (!entryHashes.includes(hash)) throw invalid('statements.entryHashes', 'the hash of the entry among them');
    const outline = { kind, laneId, sourceChainId, destinationChainId, entryHashes };
    if (!isSignedWith(publicKey, signature, outlineDigest(outline, sourceConfiguration, epoch, statement))) {
      throw new Refused({ code: 'SIGNATURE_INVALID', signer: publicKey });
    }
  }
  const lanes = statements.map(({ epoch, mode, ...statement }) => ({
    ...laneOfBatch({ kind, sourceChainId, ...statement }),
    epoch,
    mode,
  }));
  return { packetId: first.packetId, lanes };
}

/** The lane of a batch: packets travel along it, receipts against it. */
export function laneOfBatch(
  batch: Pick<BatchOutline, 'kind' | 'laneId' | 'sourceChainId' | 'destinationChainId'>,
): LaneReference {
  const { kind, laneId, sourceChainId: from, destinationChainId: to } = batch;
  return kind === 'packets'
    ? { laneId, sourceChainId: from, destinationChainId: to }
    : { laneId, sourceChainId: to, destinationChainId: from };
}

/** A statement with what names its entry. */
type IdentifiedStatement<Entry> = SignedStatement<Entry> & { readonly packetId: PacketId; readonly hash: string };

function ofPacket(statement: SignedStatement<Packet>): IdentifiedStatement<Packet> {
  return { ...statement, packetId: statement.entry.id, hash: packetHashOf(statement.entry) };
}

function ofReceipt(statement: SignedStatement<Receipt>): IdentifiedStatement<Receipt> {
  return { ...statement, packetId: statement.entry.packetId, hash: receiptHashOf(statement.entry) };
}

function invalid(field: string, expected: string): Refused {
  return new Refused({ code: 'EVIDENCE_INVALID', field, expected });
}
