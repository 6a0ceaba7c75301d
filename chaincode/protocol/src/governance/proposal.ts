// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one table, the records and requests of proposals in all their versions.

import {
  base64Codec,
  integer,
  list,
  oneOf,
  record,
  type Codec,
  text,
  variant,
  version1,
  version2,
  versions,
} from '../codec/codec';
import {
  type Committee,
  committeeCodec,
  type Configuration,
  configurationCodec,
  type EarlierConfiguration,
  earlierConfigurationCodec,
  notariesCodec,
  thresholdCodec,
} from '../records/configuration';
import {
  type Account,
  accountCodec,
  type AssetId,
  assetIdCodec,
  type ChainId,
  chainIdCodec,
  type LaneId,
  laneIdCodec,
  type MspId,
  mspIdCodec,
  timeMsCodec,
  type TxId,
  txIdCodec,
} from '../codec/identifiers';
import { codeCodec } from '../records/records';

/** Proposals of docs/spec/08-governance.md section 8.1, with their requests and answers. */

const sequenceCodec = integer(1, 2 ** 31 - 1);

interface Configure {
  readonly kind: 'configure';
  readonly configuration: Configuration;
}
interface SetLanes {
  readonly kind: 'set-lanes';
  readonly state: 'open' | 'paused';
  /** `sequence`: one more than that of the status in force, which is 0 where there is none. */
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
const setLanesCodec: Codec<SetLanes> = record<SetLanes>({
  kind: oneOf('set-lanes'),
  state: oneOf('open', 'paused'),
  lanes: list(record({ laneId: laneIdCodec, sequence: sequenceCodec }), 1, 64),
});
const suspendNotaryCodec: Codec<SuspendNotary> = record<SuspendNotary>({
  kind: oneOf('suspend-notary'),
  publicKey: base64Codec,
});
export const actionCodec: Codec<Action> = variant<Action>({
  configure: record<Configure>({ kind: oneOf('configure'), configuration: configurationCodec }),
  'set-lanes': setLanesCodec,
  'set-assets': record<SetAssets>({
    kind: oneOf('set-assets'),
    state: oneOf('open', 'paused'),
    assets: list(record({ asset: assetIdCodec, sequence: sequenceCodec }), 1, 64),
  }),
  'replace-committee': record<ReplaceCommittee>({
    kind: oneOf('replace-committee'),
    chains: list(record({ chainId: chainIdCodec, sequence: sequenceCodec }), 1, 16),
    threshold: thresholdCodec,
    notaries: notariesCodec,
  }),
  'suspend-notary': suspendNotaryCodec,
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
export const earlierActionCodec: Codec<EarlierAction> = variant<EarlierAction>({
  configure: record<EarlierConfigure>({ kind: oneOf('configure'), configuration: earlierConfigurationCodec }),
  'set-lanes': setLanesCodec,
  'replace-committee': record<EarlierReplaceCommittee>({
    kind: oneOf('replace-committee'),
    chainIds: list(chainIdCodec, 1, 16),
    committee: committeeCodec,
  }),
  'suspend-notary': suspendNotaryCodec,
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
const proposed = { id: txIdCodec, organization: mspIdCodec, account: accountCodec, timeMs: timeMsCodec };
export const proposalCodec: Codec<Proposal> = record<Proposal>({
  version: version2,
  ...proposed,
  action: actionCodec,
});

/** Version 1, which did not say what it replaces. Ledgers keep it; it can only be withdrawn. */
export interface EarlierProposal extends Omit<Proposal, 'version' | 'action'> {
  readonly version: 1;
  readonly action: EarlierAction;
}
export type StoredProposal = Proposal | EarlierProposal;
export const storedProposalCodec: Codec<StoredProposal> = versions<StoredProposal>({
  1: record<EarlierProposal>({ version: version1, ...proposed, action: earlierActionCodec }),
  2: proposalCodec,
});

/** One organization's yes to one proposal, given at `timeMs`. */
export interface Consent {
  readonly version: 1;
  readonly proposalId: TxId;
  readonly account: Account;
  readonly timeMs: bigint;
}
export const consentCodec: Codec<Consent> = record({
  version: version1,
  proposalId: txIdCodec,
  account: accountCodec,
  timeMs: timeMsCodec,
});

/** Names a proposal by its proposer too: that is where it lies. */
export interface ProposalRequest {
  readonly organization: MspId;
  readonly proposalId: TxId;
}
export const proposalRequestCodec: Codec<ProposalRequest> = record({
  organization: mspIdCodec,
  proposalId: txIdCodec,
});
export interface GetProposalRequest {
  readonly organization: MspId;
}
export const getProposalRequestCodec: Codec<GetProposalRequest> = record({ organization: mspIdCodec });

export interface ProposalResponse {
  readonly txId: TxId;
  readonly proposalId: TxId;
}
export const proposalResponseCodec: Codec<ProposalResponse> = record({ txId: txIdCodec, proposalId: txIdCodec });

interface GivenConsent {
  readonly organization: MspId;
  readonly account: Account;
  readonly timeMs: bigint;
}
const givenConsentCodec: Codec<GivenConsent> = record({
  organization: mspIdCodec,
  account: accountCodec,
  timeMs: timeMsCodec,
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
export const proposalStatusCodec: Codec<ProposalStatus> = record({
  proposal: storedProposalCodec,
  consents: list(givenConsentCodec, 0, 32),
  required: integer(1, 32),
  dueMs: text(/^[0-9]{0,16}$/, 'Unix milliseconds or nothing'),
  problem: codeCodec,
});
