// SPDX-License-Identifier: Apache-2.0

/**
 * Why the peg said no. Codes are wire format: add freely, never rename, never reuse.
 *
 * A refusal repeats only what the caller sent. See docs/spec for where each arises.
 */
export type Refusal =
  | { readonly code: 'REQUEST_MALFORMED'; readonly field: string; readonly expected: string }
  | { readonly code: 'CHAIN_NOT_CONFIGURED' | 'CALL_NOT_SIGNED' }
  | { readonly code: 'CLOCK_SKEW'; readonly limitSeconds: number }
  | { readonly code: 'CALLER_NOT_CLIENT' | 'CALLER_NOT_ADMIN' | 'CALLER_NOT_MEMBER'; readonly caller: string }
  | { readonly code: 'NOTE_SPENT' | 'NOTE_NOT_OWNED' | 'NOTE_REPEATED' | 'NOTES_MIXED'; readonly noteId: string }
  | {
      readonly code: 'NOT_ISSUER' | 'ASSET_PAUSED' | 'ASSET_UNKNOWN' | 'ASSET_NOT_AT_HOME' | 'ASSET_NOT_ALLOWED';
      readonly asset: string;
    }
  | { readonly code: 'QUANTITY_EXCEEDS_NOTES'; readonly asked: string; readonly available: string }
  | { readonly code: 'QUANTITY_TOO_LARGE'; readonly maximum: string }
  | { readonly code: 'QUANTITY_ABOVE_LIMIT'; readonly maximum: string }
  | { readonly code: 'ISSUE_LIMIT_REACHED'; readonly asset: string; readonly available: string }
  | { readonly code: 'LANE_UNKNOWN'; readonly laneId: string }
  | { readonly code: 'PATH_TOO_LONG'; readonly maximum: number }
  | { readonly code: 'DEADLINE_PASSED' | 'DEADLINE_TOO_FAR'; readonly deadlineMs: string }
  | { readonly code: 'RETIREMENT_NOT_AWAY'; readonly laneId: string }
  | { readonly code: 'LABEL_FOREIGN'; readonly home: string }
  | { readonly code: 'PACKET_UNKNOWN' | 'PACKET_INCONSISTENT' | 'ESCROW_NOT_NAMED'; readonly packetId: string }
  | { readonly code: 'ESCROW_SPENT' | 'ESCROW_REPEATED' | 'ESCROW_MIXED'; readonly escrowId: string }
  | { readonly code: 'RECIPIENT_UNKNOWN'; readonly recipient: string }
  | { readonly code: 'OUTBOX_UNKNOWN'; readonly txId: string }
  | { readonly code: 'BATCH_EMPTY' | 'BATCH_TOO_LARGE'; readonly maximum: number }
  | { readonly code: 'BATCH_MALFORMED' | 'PROOF_MALFORMED'; readonly field: string; readonly expected: string }
  | { readonly code: 'PROOF_FOREIGN'; readonly field: string }
  | {
      readonly code: 'ENDORSER_STRANGER' | 'ENDORSER_REPEATED' | 'ENDORSER_NOT_PEER' | 'ENDORSER_REVOKED';
      readonly organization: string;
    }
  | { readonly code: 'ENDORSEMENTS_TOO_FEW' | 'NOTARIES_TOO_FEW'; readonly found: number; readonly required: number }
  | { readonly code: 'SIGNATURE_INVALID'; readonly signer: string }
  | { readonly code: 'CUSTODY_MISMATCH'; readonly custody: string }
  | { readonly code: 'EPOCH_STALE'; readonly epoch: number }
  | { readonly code: 'NOTARY_STRANGER' | 'NOTARY_REPEATED'; readonly notary: string }
  | { readonly code: 'CONFIGURATION_INVALID'; readonly field: string; readonly expected: string }
  | { readonly code: 'CONFIGURATION_NOT_APPROVED'; readonly approvals: number; readonly required: number }
  | { readonly code: 'ALREADY_CONFIGURED'; readonly sequence: number }
  | { readonly code: 'LANE_PAUSED' | 'LANE_FROZEN'; readonly laneId: string }
  | { readonly code: 'WINDOW_FULL'; readonly packetId: string }
  | { readonly code: 'PROPOSAL_UNKNOWN'; readonly organization: string }
  | { readonly code: 'PROPOSAL_STALE' | 'PROPOSAL_LAPSED'; readonly proposalId: string }
  | { readonly code: 'PROPOSAL_NOT_APPROVED'; readonly approvals: number; readonly required: number }
  | { readonly code: 'PROPOSAL_NOT_DUE'; readonly dueMs: string }
  | { readonly code: 'COMMITTEE_INVALID' | 'EVIDENCE_INVALID'; readonly field: string; readonly expected: string }
  | { readonly code: 'NOTARY_SUSPENDED' | 'POSSESSION_UNPROVEN'; readonly notary: string }
  | { readonly code: 'ENTRY_COMMITTED'; readonly packetId: string }
  | { readonly code: 'ABSENCE_UNKNOWN'; readonly questionHash: string }
  | { readonly code: 'CHAIN_UNTRUSTED'; readonly chainId: string }
  | {
      readonly code: 'CONFIGURATION_SKIPPED' | 'CONFIGURATION_STALE' | 'HEADER_NOT_NEWER' | 'HEADER_NOT_FOLLOWED';
      readonly block: string;
      readonly followed: string;
    }
  | { readonly code: 'HEADER_UNLINKED' | 'BLOCK_DATA_DIFFERS'; readonly block: string }
  | { readonly code: 'CHANNEL_CONFIGURATION_INVALID'; readonly block: string; readonly expected: string }
  | { readonly code: 'ORDERER_SIGNATURE_FORM'; readonly expected: string }
  | {
      readonly code: 'ORDERER_STRANGER' | 'ORDERER_REPEATED' | 'ORDERER_REVOKED' | 'SIGNER_NOT_ORDERER';
      readonly orderer: string;
    }
  | { readonly code: 'ORDERERS_TOO_FEW'; readonly found: number; readonly required: number }
  | { readonly code: 'DEPTH_TOO_SMALL'; readonly found: string; readonly required: string }
  | { readonly code: 'ENVELOPE_MALFORMED'; readonly index: number }
  | { readonly code: 'OUTBOX_NOT_WRITTEN'; readonly txId: string }
  | { readonly code: 'TRANSACTION_INVALID'; readonly txId: string; readonly validationCode: number };

/** One permanent code of {@link Refusal}. */
export type RefusalCode = Refusal['code'];

/** Fabric returns only `message` to the client, so the message is the encoded refusal. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(JSON.stringify(refusal));
    this.refusal = refusal;
  }
}
