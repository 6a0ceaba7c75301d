// SPDX-License-Identifier: Apache-2.0

import {
  base64Shape,
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
} from '../codec/codec';
import {
  type Committee,
  committeeShape,
  type Configuration,
  configurationShape,
  type EarlierConfiguration,
  earlierConfigurationShape,
  notariesShape,
  thresholdShape,
} from '../records/configuration';
import {
  type Account,
  accountShape,
  type AssetId,
  assetIdShape,
  type ChainId,
  chainIdShape,
  type LaneId,
  laneIdShape,
  type MspId,
  mspIdShape,
  timeMsShape,
  type TxId,
  txIdShape,
} from '../codec/identifiers';
import { codeShape } from '../records/records';

/** Proposals of docs/spec/08-governance.md section 8.1, with their requests and answers. */

const sequenceShape = integer(1, 2 ** 31 - 1);

interface Configure {
  readonly kind: 'configure';
  readonly configuration: Configuration;
}
interface SetLanes {
  readonly kind: 'set-lanes';
  readonly state: 'open' | 'paused';
  /** `sequence`: one more than that of the standing in force, which is 0 where there is none. */
  readonly lanes: readonly { readonly laneId: LaneId; readonly sequence: number }[];
}
interface SetAssets {
  readonly kind: 'set-assets';
  readonly state: 'open' | 'paused';
  /** `sequence`: as for lanes. */
  readonly assets: readonly { readonly asset: AssetId; readonly sequence: number }[];
}
/** The next epoch is the ledger's to give: one more than that of the committee that is replaced. */
interface ReplaceCommittee extends Pick<Committee, 'threshold' | 'notaries'> {
  readonly kind: 'replace-committee';
  /** `sequence`: one more than the number of replacements that there have been. */
  readonly chains: readonly { readonly chainId: ChainId; readonly sequence: number }[];
}
interface SuspendNotary {
  readonly kind: 'suspend-notary';
  readonly publicKey: string;
}
/** What a proposal asks for. */
export type Action = Configure | SetLanes | SetAssets | ReplaceCommittee | SuspendNotary;
const setLanesShape: Shape<SetLanes> = record<SetLanes>({
  kind: oneOf('set-lanes'),
  state: oneOf('open', 'paused'),
  lanes: list(record({ laneId: laneIdShape, sequence: sequenceShape }), 1, 64),
});
const suspendNotaryShape: Shape<SuspendNotary> = record<SuspendNotary>({
  kind: oneOf('suspend-notary'),
  publicKey: base64Shape,
});
export const actionShape: Shape<Action> = variant<Action>({
  configure: record<Configure>({ kind: oneOf('configure'), configuration: configurationShape }),
  'set-lanes': setLanesShape,
  'set-assets': record<SetAssets>({
    kind: oneOf('set-assets'),
    state: oneOf('open', 'paused'),
    assets: list(record({ asset: assetIdShape, sequence: sequenceShape }), 1, 64),
  }),
  'replace-committee': record<ReplaceCommittee>({
    kind: oneOf('replace-committee'),
    chains: list(record({ chainId: chainIdShape, sequence: sequenceShape }), 1, 16),
    threshold: thresholdShape,
    notaries: notariesShape,
  }),
  'suspend-notary': suspendNotaryShape,
});

interface EarlierConfigure {
  readonly kind: 'configure';
  readonly configuration: EarlierConfiguration;
}
interface EarlierReplaceCommittee {
  readonly kind: 'replace-committee';
  readonly chainIds: readonly ChainId[];
  readonly committee: Committee;
}
type EarlierAction = EarlierConfigure | SetLanes | EarlierReplaceCommittee | SuspendNotary;
export const earlierActionShape: Shape<EarlierAction> = variant<EarlierAction>({
  configure: record<EarlierConfigure>({ kind: oneOf('configure'), configuration: earlierConfigurationShape }),
  'set-lanes': setLanesShape,
  'replace-committee': record<EarlierReplaceCommittee>({
    kind: oneOf('replace-committee'),
    chainIds: list(chainIdShape, 1, 16),
    committee: committeeShape,
  }),
  'suspend-notary': suspendNotaryShape,
});

/** One organization's open proposal; `id` is the transaction that proposed. */
export interface Proposal {
  readonly version: 2;
  readonly id: TxId;
  readonly organization: MspId;
  readonly account: Account;
  readonly timeMs: bigint;
  readonly action: Action;
}
const proposed = { id: txIdShape, organization: mspIdShape, account: accountShape, timeMs: timeMsShape };
export const proposalShape: Shape<Proposal> = record<Proposal>({
  version: version2,
  ...proposed,
  action: actionShape,
});

/** Version 1, which did not say what it replaces. Ledgers keep it; it can only be withdrawn. */
export interface EarlierProposal extends Omit<Proposal, 'version' | 'action'> {
  readonly version: 1;
  readonly action: EarlierAction;
}
export type StoredProposal = Proposal | EarlierProposal;
export const storedProposalShape: Shape<StoredProposal> = versions<StoredProposal>({
  1: record<EarlierProposal>({ version: version1, ...proposed, action: earlierActionShape }),
  2: proposalShape,
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

interface GivenConsent {
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
  readonly proposal: StoredProposal;
  readonly consents: readonly GivenConsent[];
  readonly required: number;
  readonly dueMs: string;
  readonly problem: string;
}
export const proposalStatusShape: Shape<ProposalStatus> = record({
  proposal: storedProposalShape,
  consents: list(givenConsentShape, 0, 32),
  required: integer(1, 32),
  dueMs: text(/^[0-9]{0,16}$/, 'Unix milliseconds or nothing'),
  problem: codeShape,
});
