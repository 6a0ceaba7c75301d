// SPDX-License-Identifier: Apache-2.0

import { type BatchKind } from '../records/batch';
import { base64Codec, list, oneOf, record, type Codec, version1, version2, versions } from '../codec/codec';
import { type Committee, committeeCodec } from '../records/configuration';
import {
  type ChainId,
  chainIdCodec,
  type LaneId,
  laneIdCodec,
  limits,
  type MspId,
  mspIdCodec,
  type PacketId,
  packetIdCodec,
  type TxId,
  txIdCodec,
} from '../codec/identifiers';
import { type PageRequest, pageRequestFields } from './requests';

/** Records by which evidence is judged, and which it leaves behind; docs/spec/08-governance.md section 8.5. */

/** A committee that was in force for a chain here and has been replaced. */
export interface PastCommittee {
  readonly version: 1;
  readonly chainId: ChainId;
  readonly committee: Committee;
}
export const pastCommitteeCodec: Codec<PastCommittee> = record({
  version: version1,
  chainId: chainIdCodec,
  committee: committeeCodec,
});

/** What the answers of a source chain have proven here about one packet or its receipt. */
export interface EvidenceRecord {
  readonly version: 2;
  readonly kind: 'answers' | 'absence';
  readonly about: BatchKind;
  readonly sourceChainId: ChainId;
  readonly packetId: PacketId;
  /** Organizations whose peers signed two contents. */
  readonly organizations: readonly MspId[];
  /** Notaries' keys that signed what was never committed. */
  readonly publicKeys: readonly string[];
  /** Lanes of this ledger that evidence about this packet has frozen; their return lanes are not named. */
  readonly lanes: readonly LaneId[];
  /** The transaction that last added something. */
  readonly txId: TxId;
}
/** Did not say which lanes were frozen. Ledgers keep it. */
interface EvidenceRecordBefore extends Omit<EvidenceRecord, 'version' | 'lanes'> {
  readonly version: 1;
}
const about = {
  kind: oneOf('answers', 'absence'),
  about: oneOf('packets', 'receipts'),
  sourceChainId: chainIdCodec,
  packetId: packetIdCodec,
  organizations: list(mspIdCodec, 0, 32),
  publicKeys: list(base64Codec, 0, 512),
};
export type StoredEvidenceRecord = EvidenceRecord | EvidenceRecordBefore;
export const evidenceRecordCodec: Codec<StoredEvidenceRecord> = versions<StoredEvidenceRecord>({
  1: record<EvidenceRecordBefore>({ version: version1, ...about, txId: txIdCodec }),
  2: record<EvidenceRecord>({ version: version2, ...about, lanes: list(laneIdCodec, 0, 64), txId: txIdCodec }),
});

export const listEvidenceRequestCodec: Codec<PageRequest> = record(pageRequestFields);
export interface EvidencePage {
  readonly entries: readonly StoredEvidenceRecord[];
  readonly bookmark: string;
}
export const evidencePageCodec: Codec<EvidencePage> = record({
  entries: list(evidenceRecordCodec, 0, limits.pageSize),
  bookmark: pageRequestFields.bookmark,
});
