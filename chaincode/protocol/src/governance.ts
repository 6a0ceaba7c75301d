// SPDX-License-Identifier: Apache-2.0

import {
  base64Shape,
  decimal,
  integer,
  list,
  oneOf,
  record,
  type Shape,
  text,
  variant,
  version1,
  version2,
  versions,
} from './codec';
import { type Committee, committeeShape, type Configuration, configurationShape } from './configuration';
import {
  type Account,
  accountShape,
  type AssetId,
  assetIdShape,
  type ChainId,
  chainIdShape,
  type Label,
  labelShape,
  type LaneId,
  laneIdShape,
  limits,
  type MspId,
  mspIdShape,
  timeMsShape,
  type TxId,
  txIdShape,
} from './identifiers';
import { codeShape } from './records';

/** Records, requests and answers of docs/spec/08-governance.md. */

const sequenceShape = integer(1, 2 ** 31 - 1);

/** What a lane lets through on this ledger, and how often that has changed. */
export interface LaneStanding {
  readonly version: 1;
  readonly laneId: LaneId;
  readonly sequence: number;
  readonly state: 'open' | 'paused' | 'frozen';
  readonly txId: TxId;
}
export const laneStandingShape: Shape<LaneStanding> = record({
  version: version1,
  laneId: laneIdShape,
  sequence: sequenceShape,
  state: oneOf('open', 'paused', 'frozen'),
  txId: txIdShape,
});

/** A key that is or was a notary's here; `lanes`: those that evidence against it has frozen. */
export interface NotaryStanding {
  readonly version: 1;
  readonly publicKey: string;
  readonly mspId: MspId;
  readonly state: 'trusted' | 'suspended';
  readonly lanes: readonly LaneId[];
  readonly txId: TxId;
}
export const notaryStandingShape: Shape<NotaryStanding> = record({
  version: version1,
  publicKey: base64Shape,
  mspId: mspIdShape,
  state: oneOf('trusted', 'suspended'),
  lanes: list(laneIdShape, 0, 64),
  txId: txIdShape,
});

/**
 * What one shard of a lane has let in of an asset and label, in the window that starts at `startMs`; `label` as on this
 * chain. See docs/spec/03-transfer.md section 3.5.
 */
export interface Usage {
  readonly version: 2;
  readonly laneId: LaneId;
  readonly asset: AssetId;
  readonly label: Label;
  readonly shard: number;
  readonly startMs: bigint;
  readonly used: bigint;
}
/** Counted all labels of the asset together; it still lies on ledgers from before version 2, and nothing counts by it. */
export interface UsageByAsset {
  readonly version: 1;
  readonly laneId: LaneId;
  readonly asset: AssetId;
  readonly shard: number;
  readonly startMs: bigint;
  readonly used: bigint;
}
const counted = { shard: integer(0, 255), startMs: timeMsShape, used: decimal(0n, limits.quantity) };
export const usageShape: Shape<Usage | UsageByAsset> = versions<Usage | UsageByAsset>({
  1: record<UsageByAsset>({ version: version1, laneId: laneIdShape, asset: assetIdShape, ...counted }),
  2: record<Usage>({ version: version2, laneId: laneIdShape, asset: assetIdShape, label: labelShape, ...counted }),
});

interface Configure {
  readonly kind: 'configure';
  readonly configuration: Configuration;
}
interface SetLanes {
  readonly kind: 'set-lanes';
  readonly state: 'open' | 'paused';
  /** `sequence`: one more than that of the standing in force, which is 0 where there is none. */
  readonly lanes: readonly Pick<LaneStanding, 'laneId' | 'sequence'>[];
}
interface ReplaceCommittee {
  readonly kind: 'replace-committee';
  readonly chainIds: readonly ChainId[];
  /** Its epoch is raised where one as high has been in force. */
  readonly committee: Committee;
}
interface SuspendNotary {
  readonly kind: 'suspend-notary';
  readonly publicKey: string;
}
/** What a proposal asks for. */
export type Action = Configure | SetLanes | ReplaceCommittee | SuspendNotary;
export const actionShape: Shape<Action> = variant<Action>({
  configure: record<Configure>({ kind: oneOf('configure'), configuration: configurationShape }),
  'set-lanes': record<SetLanes>({
    kind: oneOf('set-lanes'),
    state: oneOf('open', 'paused'),
    lanes: list(record({ laneId: laneIdShape, sequence: sequenceShape }), 1, 64),
  }),
  'replace-committee': record<ReplaceCommittee>({
    kind: oneOf('replace-committee'),
    chainIds: list(chainIdShape, 1, 16),
    committee: committeeShape,
  }),
  'suspend-notary': record<SuspendNotary>({ kind: oneOf('suspend-notary'), publicKey: base64Shape }),
});

/** One organization's open proposal; `id` is the transaction that proposed. */
export interface Proposal {
  readonly version: 1;
  readonly id: TxId;
  readonly organization: MspId;
  readonly account: Account;
  readonly timeMs: bigint;
  readonly action: Action;
}
export const proposalShape: Shape<Proposal> = record({
  version: version1,
  id: txIdShape,
  organization: mspIdShape,
  account: accountShape,
  timeMs: timeMsShape,
  action: actionShape,
});

/** One organization's yes to one proposal, given at `timeMs`. */
export interface Consent {
  readonly version: 1;
  readonly proposalId: TxId;
  readonly account: Account;
  readonly timeMs: bigint;
}
export const consentShape: Shape<Consent> = record({
  version: version1,
  proposalId: txIdShape,
  account: accountShape,
  timeMs: timeMsShape,
});

/** Names a proposal by its proposer too: that is where it lies. */
export interface ProposalRequest {
  readonly organization: MspId;
  readonly proposalId: TxId;
}
export const proposalRequestShape: Shape<ProposalRequest> = record({
  organization: mspIdShape,
  proposalId: txIdShape,
});
export interface GetProposalRequest {
  readonly organization: MspId;
}
export const getProposalRequestShape: Shape<GetProposalRequest> = record({ organization: mspIdShape });

export interface ProposalAnswer {
  readonly txId: TxId;
  readonly proposalId: TxId;
}
export const proposalAnswerShape: Shape<ProposalAnswer> = record({ txId: txIdShape, proposalId: txIdShape });

export interface GivenConsent {
  readonly organization: MspId;
  readonly account: Account;
  readonly timeMs: bigint;
}
const givenConsentShape: Shape<GivenConsent> = record({
  organization: mspIdShape,
  account: accountShape,
  timeMs: timeMsShape,
});
/**
 * A proposal, who consents, how many must, and from when on it can be executed.
 *
 * `dueMs` is empty while too few consent; `problem` is the code with which it would be refused now, whoever consents.
 */
export interface ProposalStatus {
  readonly proposal: Proposal;
  readonly consents: readonly GivenConsent[];
  readonly required: number;
  readonly dueMs: string;
  readonly problem: string;
}
export const proposalStatusShape: Shape<ProposalStatus> = record({
  proposal: proposalShape,
  consents: list(givenConsentShape, 0, 32),
  required: integer(1, 32),
  dueMs: text(/^[0-9]{0,16}$/, 'Unix milliseconds or nothing'),
  problem: codeShape,
});

const resultShape = oneOf('done', 'already-done');
export interface RotationAnswer {
  readonly txId: TxId;
  readonly result: 'done' | 'already-done';
}
export const rotationAnswerShape: Shape<RotationAnswer> = record({ txId: txIdShape, result: resultShape });
export interface EvidenceAnswer {
  readonly txId: TxId;
  readonly result: 'done' | 'already-done';
  readonly frozen: readonly LaneId[];
}
export const evidenceAnswerShape: Shape<EvidenceAnswer> = record({
  txId: txIdShape,
  result: resultShape,
  frozen: list(laneIdShape, 0, 4),
});

/** Standings of the configured lanes that have one, and of all keys of the committees in force. */
export interface Standings {
  readonly lanes: readonly LaneStanding[];
  readonly notaries: readonly NotaryStanding[];
}
export const standingsShape: Shape<Standings> = record({
  lanes: list(laneStandingShape, 0, 64),
  notaries: list(notaryStandingShape, 0, 512),
});
