// SPDX-License-Identifier: Apache-2.0

import {
  type BatchKind,
  type BatchOutline,
  entryHashesOf,
  packetHashOf,
  receiptHashOf,
  type RecordedBatch,
} from '../records/batch';
import { isNotaryKey, isSignedWith, outlineDigest } from './certificate';
import { base64Codec, list, oneOf, record, type Codec, variant, version1 } from '../codec/codec';
import { trustHashOf, type TrustRecord } from '../records/configuration';
import { type ChainId, chainIdCodec, type LaneId, type PacketId } from '../codec/identifiers';
import { type Packet, packetCodec, type Receipt, receiptCodec } from '../records/records';
import { Refused } from '../codec/refusal';
import { type Statement, statementFields } from '../records/statement';

/** A batch that one notary signed. */
type SignedStatement<Entry> = Statement<Entry> & { readonly signature: string };
interface EvidenceOf<Kind extends BatchKind, Entry> {
  readonly version: 1;
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
  const statement = record<SignedStatement<Entry>>({ ...statementFields(entry), signature: base64Codec });
  return record<EvidenceOf<Kind, Entry>>({
    version: version1,
    kind: oneOf(kind),
    sourceChainId: chainIdCodec,
    publicKey: base64Codec,
    statements: list(statement, 2, 2),
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
  const common = { version: 1 as const, sourceChainId: first.sourceChainId, publicKey };
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

function statementOf<Entry>({ batch, trust, signature }: SignedBatch, entry: Entry): SignedStatement<Entry> {
  const { laneId, destinationChainId } = batch;
  const sourceConfiguration = trustHashOf(trust);
  const { epoch } = trust.committee;
  return {
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

/** What evidence proves: about which packet, and on which lanes, in which epochs, the signer lied. */
export interface ProvenLie {
  readonly packetId: PacketId;
  readonly lanes: ReadonlyArray<LaneReference & { readonly epoch: number }>;
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
  for (const { hash, laneId, destinationChainId, entryHashes, sourceConfiguration, epoch, signature } of statements) {
    if (!entryHashes.includes(hash)) throw invalid('statements.entryHashes', 'the hash of the entry among them');
    const outline = { kind, laneId, sourceChainId, destinationChainId, entryHashes };
    if (!isSignedWith(publicKey, signature, outlineDigest(outline, sourceConfiguration, epoch))) {
      throw new Refused({ code: 'SIGNATURE_INVALID', signer: publicKey });
    }
  }
  const lanes = statements.map(({ epoch, ...statement }) => ({
    ...laneOfBatch({ kind, sourceChainId, ...statement }),
    epoch,
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
