// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one table, the codes of the client and of refusals with their meanings.

import { type CodeMeaning, type RefusalCode } from '@gridpeg/protocol';
import { lightClientRefusals } from './light-client-explanations';
import { watchCodes } from './watch-explanations';

/**
 * What a caller should do about an error: `retry` the same thing later, `drop` it because the answer will not change,
 * or stop because it is `fatal` until an operator has acted.
 */
export type ErrorClass = 'retry' | 'drop' | 'fatal';

/** One code's meaning in one line. */
export interface Explanation extends CodeMeaning {
  readonly class: ErrorClass;
}

function retry(summary: string, remedy: string): Explanation {
  return { class: 'retry', summary: summary, remedy: remedy };
}

function drop(summary: string, remedy: string): Explanation {
  return { class: 'drop', summary: summary, remedy: remedy };
}

function fatal(summary: string, remedy: string): Explanation {
  return { class: 'fatal', summary: summary, remedy: remedy };
}

const anotherPeer = 'The relay asks peers of other organizations; if it lasts, compare that peer with the others.';
const notariesDisagree =
  'Compare the trust records of both chains with `gridpeg status`; then let the relay try again.';

const refusals: Readonly<Record<RefusalCode, Explanation>> = {
  REQUEST_MALFORMED: drop('a field of the request has the wrong form', 'Correct it, or upgrade older chaincode.'),
  CHAIN_NOT_CONFIGURED: fatal(
    'the chain has no configuration yet',
    'Let every organization approve the first configuration (`gridpeg up` does it).',
  ),
  CLOCK_SKEW: retry(
    'the transaction time is too far from the clock of an endorsing organization',
    'Synchronise the clocks of this machine and of the peers, then try again.',
  ),
  CALL_NOT_SIGNED: drop(
    'other chaincode called the peg in the name of a client, who did not sign that call',
    'Call the peg itself; chaincode of your own may only read from it.',
  ),
  CALLER_NOT_CLIENT: drop('the caller is not a client of its organization', 'Use a client identity, as User1.'),
  CALLER_NOT_ADMIN: drop('the caller is not an administrator', 'Use an identity with the organizational unit admin.'),
  CALLER_NOT_MEMBER: drop('the caller is of no member of this chain', 'Use an identity of one of the members.'),
  NOTE_SPENT: drop('there is no unspent note of that id', 'Name an unspent note (`gridpeg note list`).'),
  NOTE_NOT_OWNED: drop('the note belongs to another account', 'Use the identity of its owner, or other notes.'),
  NOTE_REPEATED: drop('a note is named twice', 'Name each note once.'),
  NOTES_MIXED: drop(
    'the notes differ in asset or in the way they came',
    'Name notes of one asset and label; use one transaction for each.',
  ),
  NOT_ISSUER: drop(
    'only the accounts that the asset names may issue it',
    'Use one of them; `gridpeg governance show` lists them.',
  ),
  ASSET_PAUSED: retry(
    'the members have paused issuing of the asset',
    'Wait, or have it opened by `gridpeg governance propose open-asset`.',
  ),
  ISSUE_LIMIT_REACHED: retry(
    'more than is left of what may be issued in this window of time',
    'Issue less, or wait for the next window. The command has tried other parts of the window already.',
  ),
  ASSET_UNKNOWN: drop('no such asset is configured on this chain', 'Check the asset id, as city/energy.'),
  ASSET_NOT_AT_HOME: drop('this is only possible on the home chain of the asset', 'Send the value home first.'),
  ASSET_NOT_ALLOWED: drop('the lane does not carry this asset', 'Choose a lane whose rules name the asset.'),
  QUANTITY_EXCEEDS_NOTES: drop('the outputs are more than the notes hold', 'Name more notes or ask for less.'),
  QUANTITY_TOO_LARGE: drop('the quantity is above what a note can hold', 'Split it.'),
  QUANTITY_ABOVE_LIMIT: drop(
    'the quantity is above the maximum of the lane',
    'Send it in several parts, none above the maximum.',
  ),
  LANE_UNKNOWN: drop('no such lane starts or ends here', 'Check the lane id and the chain it starts on.'),
  PATH_TOO_LONG: drop('the value has passed too many lanes', 'Send it back along the way it came.'),
  DEADLINE_PASSED: drop('the deadline has passed', 'Send again with a later deadline.'),
  DEADLINE_TOO_FAR: drop('the deadline is more than 30 days off', 'Choose an earlier deadline.'),
  RETIREMENT_NOT_AWAY: drop(
    'a retirement only travels back along the lane by which the value came',
    'Retire on the home chain, or send the retirement along the return lane.',
  ),
  LABEL_FOREIGN: drop(
    'the packet claims a home that its source chain is not',
    'Nothing: such a packet is never minted.',
  ),
  PACKET_UNKNOWN: drop('there is no such packet on this chain', 'Check the id; transfers are known on their source.'),
  PACKET_INCONSISTENT: drop(
    'the entry does not belong to its batch or packet',
    'Nothing: the entry is skipped for ever.',
  ),
  ESCROW_NOT_NAMED: retry(
    'too little escrow was named for the packet',
    'Name more escrow notes of its lane and label.',
  ),
  ESCROW_SPENT: retry(
    'there is no such escrow note of the lane any more',
    'List the lane’s escrow again; whoever merged or consumed the note was first.',
  ),
  ESCROW_REPEATED: drop('an escrow note is named twice', 'Name each escrow note once.'),
  ESCROW_MIXED: drop(
    'the escrow notes differ in asset or label',
    'Merge the escrow of each asset and label by itself.',
  ),
  RECIPIENT_UNKNOWN: drop(
    'the recipient is of no organization of that chain, so nobody could ever spend the value',
    'Correct the account: the organization’s MSP id as `gridpeg status` spells it, capitals included.',
  ),
  OUTBOX_UNKNOWN: retry(
    'the peer has no committed outbox record of that transaction',
    'Wait until the peer has the block; a transaction that never committed has none.',
  ),
  BATCH_EMPTY: drop('the transactions hold nothing for this lane', 'Check the lane id and the transaction ids.'),
  BATCH_TOO_LARGE: drop('the transactions hold too many entries for one batch', 'Name fewer transactions.'),
  BATCH_MALFORMED: drop(
    'the answer that was proven is no batch',
    'Check that both chains run the same chaincode version.',
  ),
  PROOF_MALFORMED: drop('the proof is no endorsed proof', 'Collect it again from the source chain.'),
  PROOF_FOREIGN: drop(
    'the proof is of another chain, function or lane',
    'Collect it from the chain the lane starts on.',
  ),
  ENDORSER_STRANGER: drop(
    'an endorser is of no organization in the trust record',
    'Collect endorsements of known ones.',
  ),
  ENDORSER_REPEATED: drop('an organization endorsed twice', 'Collect one endorsement from each organization.'),
  ENDORSER_NOT_PEER: drop('an endorser is not a peer of its organization', 'Collect endorsements of peers.'),
  ENDORSER_REVOKED: drop('the certificate of an endorser is revoked', 'Collect an endorsement of another peer.'),
  ENDORSEMENTS_TOO_FEW: drop('too few organizations endorsed the proof', 'Collect endorsements of more organizations.'),
  NOTARIES_TOO_FEW: retry('too few notaries signed', 'Start the missing notaries; the relay tries again by itself.'),
  SIGNATURE_INVALID: drop('a signature does not verify', notariesDisagree),
  CUSTODY_MISMATCH: drop('the certificate is of another custody mode than the lane', 'Relay it as the lane demands.'),
  EPOCH_STALE: retry('the committee has changed since', 'Collect the signatures of the present committee.'),
  NOTARY_STRANGER: drop('a signer does not belong to the committee', notariesDisagree),
  NOTARY_REPEATED: drop('a notary signed twice', 'Collect one signature from each notary.'),
  CONFIGURATION_INVALID: drop('the configuration breaks a rule', 'Correct the field that is named.'),
  CONFIGURATION_NOT_APPROVED: retry(
    'too few organizations approved this very configuration',
    'Let the other members approve the same text, then commit again.',
  ),
  ALREADY_CONFIGURED: drop(
    'the chain has a configuration, and the first is the only one that is not proposed',
    'Propose the change (`gridpeg governance propose`).',
  ),
  LANE_PAUSED: retry(
    'the members of this chain have paused the lane',
    'Nothing is lost: what is in flight goes on once they open it (`gridpeg governance show`).',
  ),
  LANE_FROZEN: retry(
    'evidence against a notary has frozen the lane',
    'Nothing is lost: replace or rotate the committee if need be, then propose to open the lane ' +
      '(`gridpeg evidence show` says why and how).',
  ),
  WINDOW_FULL: retry(
    'the lane has let in as much of this asset and label as its window allows',
    'It is tried again in the next window; what is larger than a window’s part waits until the members raise ' +
      'the limit (`gridpeg transfer why`).',
  ),
  PROPOSAL_UNKNOWN: drop(
    'the organization has no such open proposal',
    'See `gridpeg governance show`; a proposal ends when it is executed, withdrawn or replaced.',
  ),
  PROPOSAL_STALE: drop('what the proposal builds on has changed since', 'Propose it again, from what is in force now.'),
  PROPOSAL_LAPSED: drop('the proposal is older than its delay and 30 days', 'Propose it again.'),
  PROPOSAL_NOT_APPROVED: retry(
    'too few members consent to the proposal',
    'Let administrators of more members approve it (`gridpeg governance approve`).',
  ),
  PROPOSAL_NOT_DUE: retry(
    'the proposal is approved, and could move value, so it waits for the delay',
    'Execute it after the time that is named (Unix milliseconds), or withdraw consent until then.',
  ),
  COMMITTEE_INVALID: drop('a rule for committees is broken', 'Correct the field that is named.'),
  NOTARY_SUSPENDED: drop(
    'a key of the committee is suspended for good',
    'Give that organization a new key, and name it.',
  ),
  POSSESSION_UNPROVEN: drop(
    'a notary of the next committee has not proven that it holds its key',
    'Let each new key sign the possession digest of this very rotation.',
  ),
  EVIDENCE_INVALID: drop(
    'what was submitted proves no lie',
    'Hand in what `gridpeg evidence find` made: two contents of one packet that one notary signed, ' +
      'or that peers of one chain answered, or an absence.',
  ),
  ENTRY_COMMITTED: drop(
    'the chain has committed the very entry that was said to be missing',
    'Nothing: whoever signed it told the truth.',
  ),
  ABSENCE_UNKNOWN: retry(
    'the peer has no committed absence under that question',
    'Wait until the peer has the block, or ask the question first (`gridpeg evidence ask`).',
  ),
  CHAIN_UNTRUSTED: drop(
    'the ledger has no trust record of that chain, so it cannot judge what its peers answered',
    'Hand the evidence in on a chain that has a lane to it.',
  ),
  ...lightClientRefusals,
};

/** Codes that arise on this side of the Gateway; like refusal codes they are permanent. */
const ownCodes = {
  PEER_UNAVAILABLE: retry('no peer of the chain answers', 'Check with `gridpeg status` that the chain is up.'),
  GATEWAY_OVERLOADED: retry(
    'all peers or orderers that were asked had too much to do for as long as was waited',
    'Try again later; raise `peer.limits.concurrency` in core.yaml if it lasts.',
  ),
  EVENT_UNREADABLE: drop(
    'an event of the chaincode cannot be read, and was passed over',
    'Nothing is missed: whoever reads events asks the ledger as well. See which contract emits events called `peg`.',
  ),
  ORDERER_UNAVAILABLE: retry('the ordering service takes no transactions', 'Check the orderers with `gridpeg status`.'),
  CHAINCODE_NOT_READY: fatal(
    'the chaincode cannot be called on the peers that must endorse',
    'See that it is committed on the channel and its services run (`gridpeg status`, `gridpeg logs`).',
  ),
  CHAINCODE_FAILED: fatal(
    'the chaincode ended with an error of its own',
    'Read its log (`gridpeg logs`) and report it.',
  ),
  ENDORSEMENT_FAILED: retry('the endorsements asked for could not be had', anotherPeer),
  ENDORSEMENT_POLICY_FAILURE: retry(
    'the endorsements no longer satisfy the policy of the chaincode',
    'Its definition has changed; try again with a new proposal.',
  ),
  ENDORSEMENTS_DIFFER: retry('peers of different organizations gave different answers', anotherPeer),
  IDENTITY_REJECTED: fatal('the peers do not accept this identity', 'Check its certificate, key and MSP id.'),
  MVCC_READ_CONFLICT: retry('another transaction changed the same record first', 'Try again; the state is read again.'),
  PHANTOM_READ_CONFLICT: retry(
    'another transaction changed a range that was read',
    'Try again; the state is read again.',
  ),
  TRANSACTION_INVALID: drop('the peers marked the transaction invalid', 'See the validation code and the peer log.'),
  COMMIT_STATUS_UNKNOWN: retry(
    'it is not known whether the transaction committed',
    'Look the transaction up before sending anything again.',
  ),
  ANSWER_MALFORMED: fatal(
    'the chaincode gave an answer of another form',
    'Use the client and chaincode of one version.',
  ),
  REFUSAL_UNKNOWN: drop('the chaincode refused with a code this client does not know', 'Use a newer client.'),
  EQUIVOCATION: fatal(
    'this notary has signed another content for the same id',
    'Keep both proofs: somebody on the source chain, or with this signing key, is lying.',
  ),
  TRUST_UNKNOWN: drop('this notary has no trust record of the source chain', 'Ask the other notaries.'),
  SOURCE_BEHIND: retry(
    "the notary's own peer has not committed the transaction yet",
    'Nothing: the relay asks again. If it stays so, see that the peer gets blocks (`gridpeg status`).',
  ),
  SOURCE_UNAVAILABLE: retry(
    "the notary's own peer on the source chain does not answer, so there is nothing to compare with",
    'Start that peer (`gridpeg status` names the dead ones); the other notaries sign meanwhile.',
  ),
  PROOF_MISSING: drop(
    "the certificate is of a custody mode in which the source's peers prove nothing",
    'Ask for a proof of the packet: `gridpeg proof export` has peers sign a fresh one.',
  ),
  SOURCE_DIFFERS: drop(
    "the notary's own peer has committed something else than the proof says",
    "Keep the proof, which lies in the notary's folder `disputed`: " +
      '`gridpeg evidence find` compares it with a true one.',
  ),
  SIGNATURES_TOO_FEW: retry('too few notaries answered with a valid signature', 'Start the notaries that are missing.'),
  ESCROW_SHORT: retry('the lane holds less free escrow than the packets ask for', 'Wait for transactions under way.'),
  ROUTE_UNKNOWN: drop(
    'the notary has no such address',
    'Use POST /v1/sign, or GET /health, /healthz, /readyz or /metrics.',
  ),
  BODY_TOO_LARGE: drop('the body is above the limit', 'Send one proof at a time.'),
  SIGNING_KEY_UNUSABLE: fatal(
    "the notary's signing key cannot be used",
    'Name a PEM file, a PKCS#11 URI or the URL of a signer, with a key on P-256.',
  ),
  SIGNING_KEY_FAILED: retry(
    'the token or signer that holds the key did not sign',
    'See that it is reachable; the relay tries again by itself.',
  ),
  SIGNING_HISTORY_LOCKED: fatal(
    'another process uses the signing history of this key',
    'Stop that process. If it ran on another machine and is certainly gone, remove the socket that is named.',
  ),
  SIGNING_HISTORY_DAMAGED: fatal(
    'a line of the signing history cannot be read or contradicts an earlier one, or lines of the file are gone',
    'Nothing is signed: put whole copies of it and its `.begun` file back, or rotate (`gridpeg governance rotation`).',
  ),
  SIGNING_HISTORY_FAILED: retry(
    'the signing history could not be written, so nothing was signed',
    'Make room on the disk, or mend what is named; the notary goes on by itself.',
  ),
  CALLER_NOT_NOTARY: drop(
    'no organization that this notary knows has issued the certificate of the caller',
    'Call with a certificate of a member, by mutual TLS.',
  ),
  NOTARY_BUSY: retry('the notary signs as much as it can at once', 'Ask again in a second.'),
  CREDENTIALS_UNUSABLE: retry(
    "the notary's certificate, key or authorities have changed to what cannot be used, so those of before stay in use",
    'Put a whole certificate of a client, its key and the authorities in place; the notary reads them within seconds.',
  ),
} satisfies Readonly<Record<string, Explanation>>;

/** A code of this side. */
export type ClientCode = keyof typeof ownCodes;

/** Every code that a {@link PegError} can carry. */
export type PegErrorCode = RefusalCode | ClientCode | keyof typeof watchCodes;

/** What each code means and what to do; complete by type, so a new refusal does not compile without its line. */
export const explanations: Readonly<Record<PegErrorCode, Explanation>> = { ...refusals, ...ownCodes, ...watchCodes };

/** Whether a text is a code of the table. */
export function isPegErrorCode(code: string): code is PegErrorCode {
  return Object.hasOwn(explanations, code);
}

/** Whether a code is the chaincode's own refusal. */
export function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(refusals, code);
}
