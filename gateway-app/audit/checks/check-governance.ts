// SPDX-License-Identifier: Apache-2.0

import {
  chainRecordCodec,
  encode,
  laneCodec,
  notaryKeyHashOf,
  pastCommitteeCodec,
  storedAssetCodec,
  storedConfigurationCodec,
  trustRecordCodec,
  type Asset,
  type EarlierAsset,
  type Lane,
  type Notary,
  type NotaryStatusRecord,
  type PastCommittee,
  type StoredChainRecord,
  type StoredConfiguration,
  type TrustRecord,
} from '@gridpeg/protocol';
import { type Report } from '../report/finding';
import { type Allowed } from './allowed';
import { allowedBy, previousOf } from './allowed-changes';
import { checkFormerTrust } from './check-former-trust';
import { checkGovernanceSteps } from './check-governance-steps';
import { type LedgerState } from '../replay/ledger-state';
import { recordBefore, type TransactionFacts } from '../replay/transaction-facts';

/**
 * Judges what a transaction changed of what its chain trusts and allows: by the approvals, the proposal with its
 * consents, the rotation or the evidence that must stand behind it. See docs/spec/08-governance.md.
 */
export function checkGovernance(facts: TransactionFacts, state: LedgerState, report: Report): void {
  checkGovernanceSteps(facts, state, report);
  const { configuration, chain, asset, trust, lane, standing, notary } = facts.written;
  const { 'asset-standing': assetStatus, 'former-trust': formerTrust } = facts.written;
  const { replacement, committee, evidence } = facts.written;
  const governing = [
    ...[configuration, chain, asset, trust, formerTrust, lane, standing, notary, assetStatus],
    ...[replacement, committee, evidence],
  ];
  if (governing.every(({ length }) => length === 0)) return;
  const allowed = allowedBy(facts, state, report);
  checkConfiguration(facts, allowed, report);
  checkPastCommittees(facts, state, report);
  checkFormerTrust(facts, allowed, report);
  checkLaneStatuses(facts, allowed, report);
  checkCounted(facts, allowed, report);
  checkNotaries(facts, allowed, state, report);
}

/** A committee that is replaced stays on the ledger, as it was: evidence of its epoch is judged by it. */
function checkPastCommittees(facts: TransactionFacts, state: LedgerState, report: Report): void {
  const { configuration, committee } = facts.written;
  const textOf = (past: PastCommittee): string => encode(pastCommitteeCodec, past);
  const found = committee.map(textOf);
  const epochs = new Map(configuration.flatMap(({ chains }) => chains.map((trust) => [trust.chainId, epochOf(trust)])));
  const replaced = (previousOf(facts, state)?.chains ?? []).filter(
    (trust) => (epochs.get(trust.chainId) ?? epochOf(trust)) !== epochOf(trust),
  );
  const expected = replaced.map(({ chainId, committee: past }) => textOf({ version: 1, chainId, committee: past }));
  for (const record of found.filter((each) => !expected.includes(each))) {
    report('TRUST_CHANGED', 'past committee', expected.join(' or ').slice(0, 300) || 'none', record.slice(0, 300));
  }
  // Chaincode from before version 3 of the configuration kept none at first.
  const mayLack = found.length === 0 && configuration.every(({ version }) => version === 2);
  for (const record of mayLack ? [] : expected.filter((each) => !found.includes(each))) {
    report('TRUST_CHANGED', 'past committee', record.slice(0, 300), 'not written');
  }
}

function epochOf({ committee }: TrustRecord): number {
  return committee.epoch;
}

/**
 * Checks the status of assets and replacements of committees. They are those of the proposal, with the next sequence.
 */
function checkCounted({ written, before, transaction }: TransactionFacts, allowed: Allowed, report: Report): void {
  const assets = written['asset-standing'].map(({ asset, state, sequence, txId }) => ({
    ...{ change: `${asset} ${state}`, sequence, txId },
    last: recordBefore(before, 'asset-standing', asset)?.sequence ?? 0,
  }));
  const replaced = written.replacement.map(({ chainId, sequence, txId }) => ({
    ...{ change: chainId, sequence, txId },
    last: recordBefore(before, 'replacement', chainId)?.sequence ?? 0,
  }));
  const found = [...assets, ...replaced];
  const expected = [...(allowed.assets ?? []), ...(allowed.replaced ?? [])];
  for (const change of expected.filter((each) => !found.some((other) => other.change === each))) {
    report('TRUST_CHANGED', change, 'as the proposal says', 'not written');
  }
  for (const { change, sequence, last, txId } of found) {
    const isRight = expected.includes(change) && sequence === last + 1 && txId === transaction.txId;
    if (!isRight) report('TRUST_CHANGED', change, 'as a proposal says', `${sequence.toString()} by ${txId}`);
  }
}

/** The configuration is the one that was approved, and the records beside it are made from it. */
function checkConfiguration(facts: TransactionFacts, allowed: Allowed, report: Report): void {
  const { configuration } = facts.written;
  const found = configuration.map((each) => encode(storedConfigurationCodec, each)).join();
  const expected = allowed.configuration ?? '';
  if (found !== expected) {
    report('TRUST_CHANGED', 'configuration', expected.slice(0, 200) || 'as it was', found.slice(0, 200) || 'as it was');
  }
  // Chaincode from before version 2 of the chain record left out the members, which are in the configuration.
  const version = facts.written.chain[0]?.version ?? 3;
  const derived = configuration.flatMap((each) => derivedFrom(each, version));
  const written = recordsBeside(facts);
  for (const record of written.filter((each) => !derived.includes(each))) {
    report('TRUST_CHANGED', record.slice(0, 100), 'as in the configuration', record.slice(0, 300));
  }
  for (const record of derived.filter((each) => !written.includes(each))) {
    report('TRUST_CHANGED', record.slice(0, 100), 'written with the configuration', 'not written');
  }
}

function derivedFrom(configuration: StoredConfiguration, version: StoredChainRecord['version']): readonly string[] {
  const { chainId, sequence, members, assets, chains, lanes } = configuration;
  const chain = version === 1 ? { version, chainId, sequence } : { version, chainId, sequence, members };
  return textsOf({ chain: [chain], asset: assets, trust: chains, lane: lanes });
}

function recordsBeside({ written: { chain, asset, trust, lane } }: TransactionFacts): readonly string[] {
  return textsOf({ chain, asset, trust, lane });
}

function textsOf(records: {
  readonly chain: readonly StoredChainRecord[];
  readonly asset: ReadonlyArray<Asset | EarlierAsset>;
  readonly trust: readonly TrustRecord[];
  readonly lane: readonly Lane[];
}): readonly string[] {
  return [
    ...records.chain.map((chain) => `chain ${encode(chainRecordCodec, chain)}`),
    ...records.asset.map((asset) => `asset ${encode(storedAssetCodec, asset)}`),
    ...records.trust.map((trust) => `trust ${encode(trustRecordCodec, trust)}`),
    ...records.lane.map((lane) => `lane ${encode(laneCodec, lane)}`),
  ];
}

function checkLaneStatuses({ written, before, transaction }: TransactionFacts, allowed: Allowed, report: Report): void {
  const found = written.standing.map(({ laneId, state }) => `${laneId} ${state}`);
  for (const change of new Set([...found, ...allowed.laneStatuses])) {
    const isFound = found.includes(change);
    if (isFound && allowed.laneStatuses.includes(change)) continue;
    report('TRUST_CHANGED', `standing ${change}`, isFound ? 'as it was' : change, isFound ? change : 'as it was');
  }
  for (const { laneId, sequence, txId } of written.standing) {
    const last = recordBefore(before, 'standing', laneId)?.sequence ?? 0;
    const expected = `${(last + 1).toString()} by ${transaction.txId}`;
    const given = `${sequence.toString()} by ${txId}`;
    if (given !== expected) report('TRUST_CHANGED', `standing ${laneId}`, expected, given);
  }
}

/** A key comes in with a committee that names it, and goes by its suspension; nothing else changes its record. */
function checkNotaries(facts: TransactionFacts, allowed: Allowed, state: LedgerState, report: Report): void {
  const { written, before } = facts;
  const named = written.configuration.flatMap(({ chains }) => chains).flatMap(({ committee }) => committee.notaries);
  for (const notary of written.notary) {
    const last = recordBefore(before, 'notary', notaryKeyHashOf(notary.publicKey));
    const isRight = last === undefined ? comesIn(notary, named) : goes(notary, last, allowed);
    if (!isRight) report('TRUST_CHANGED', `notary ${notary.publicKey}`, last?.state ?? 'no record', notary.state);
  }
  expectNotaryStatuses(named, allowed, state, report);
}

function comesIn({ publicKey, mspId, state }: NotaryStatusRecord, named: readonly Notary[]): boolean {
  return state === 'trusted' && named.some((notary) => notary.publicKey === publicKey && notary.mspId === mspId);
}

function goes(
  { publicKey, mspId, state }: NotaryStatusRecord,
  last: NotaryStatusRecord,
  { suspended }: Allowed,
): boolean {
  return state === 'suspended' && suspended.includes(publicKey) && last.mspId === mspId;
}

function expectNotaryStatuses(
  named: readonly Notary[],
  { suspended }: Allowed,
  state: LedgerState,
  report: Report,
): void {
  for (const { publicKey } of named) expectNotaryStatus(publicKey, ['trusted', 'suspended'], state, report);
  for (const publicKey of suspended) expectNotaryStatus(publicKey, ['suspended'], state, report);
}

function expectNotaryStatus(publicKey: string, expected: readonly string[], state: LedgerState, report: Report): void {
  const found = state.get('notary', notaryKeyHashOf(publicKey))?.state ?? 'no record';
  if (!expected.includes(found)) report('TRUST_CHANGED', `notary ${publicKey}`, expected.join(' or '), found);
}
