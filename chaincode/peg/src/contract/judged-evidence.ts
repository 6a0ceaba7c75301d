// SPDX-License-Identifier: Apache-2.0

import {
  unexpiredTrust,
  verifySourceEvidenceUnder,
  type AnyEvidence,
  type ChainId,
  type Evidence,
  type LaneId,
  type SourceEvidence,
} from '@gridpeg/protocol';
import type { GovernanceChanges } from '../domain/governance/governance-changes';
import { judgeEvidence, type CommitteeLookup, type LanesView } from '../domain/evidence/judge-evidence';
import { judgeSourceEvidence } from '../domain/evidence/judge-source-evidence';
import type { GovernanceLedger } from '../ledger/governance-ledger';
import type { Transaction } from '../domain/transaction';
import type { PegLedger } from '../ledger/peg-ledger';

/** The ledger under both of its aspects. */
interface Ledgers {
  readonly governance: GovernanceLedger;
  readonly peg: PegLedger;
}

/**
 * Reads what bears on evidence, and judges it.
 *
 * @returns nothing when it brings nothing new
 * @throws Refused as {@link judgeEvidence} and {@link judgeSourceEvidence}; CHAIN_UNTRUSTED for answers of a chain that
 *   is not trusted here
 */
export function judgedEvidence(
  evidence: AnyEvidence,
  ledgers: Ledgers,
  transaction: Pick<Transaction, 'txId' | 'timeMs'>,
): Promise<GovernanceChanges | undefined> {
  return evidence.kind === 'answers' || evidence.kind === 'absence'
    ? bySource(evidence, ledgers, transaction)
    : byNotary(evidence, ledgers, transaction);
}

async function byNotary(
  evidence: Evidence,
  ledgers: Ledgers,
  { txId }: Pick<Transaction, 'txId'>,
): Promise<GovernanceChanges | undefined> {
  const { publicKey, sourceChainId, statements } = evidence;
  const notary = (await ledgers.governance.notaries([publicKey])).get(publicKey);
  const lanes = await lanesView(statements, ledgers);
  const epochs = statements.map(({ epoch }) => epoch);
  const committee = await committees(sourceChainId, epochs, ledgers);
  return judgeEvidence(evidence, { ...lanes, notary, committee }, txId);
}

async function bySource(
  evidence: SourceEvidence,
  ledgers: Ledgers,
  { txId, timeMs }: Pick<Transaction, 'txId' | 'timeMs'>,
): Promise<GovernanceChanges | undefined> {
  const { governance } = ledgers;
  const { sourceChainId } = evidence;
  const former = unexpiredTrust(await governance.formerTrust([sourceChainId]), timeMs);
  const trusts = [await governance.trust(sourceChainId), ...former.map(({ trust }) => trust)];
  const proven = verifySourceEvidenceUnder(evidence, trusts);
  const { epochs, publicKeys } =
    proven.kind === 'absence'
      ? { epochs: [proven.epoch], publicKeys: proven.publicKeys }
      : { epochs: [], publicKeys: [] };
  const [lanes, committee, notaries, record] = await Promise.all([
    lanesView(proven.lanes, ledgers),
    committees(proven.sourceChainId, epochs, ledgers),
    governance.notaries(publicKeys),
    governance.evidence(proven),
  ]);
  return judgeSourceEvidence(proven, { ...lanes, committee, notaries, record }, txId);
}

async function lanesView(
  named: readonly { readonly laneId: LaneId }[],
  { governance, peg }: Ledgers,
): Promise<LanesView> {
  const lanes = await peg.lanes(named.map(({ laneId }) => laneId));
  const both = [...lanes.values()].flatMap(({ id, returnLaneId }) => [id, returnLaneId]);
  return { lanes, laneStatuses: await governance.laneStatuses(both) };
}

/** The committees that signed for a chain: the one in force, and those of these epochs that have been replaced. */
async function committees(
  chainId: ChainId,
  epochs: readonly number[],
  { governance }: Ledgers,
): Promise<CommitteeLookup> {
  const [inForce, past] = await Promise.all([
    governance.committee(chainId),
    governance.pastCommittees(chainId, epochs),
  ]);
  return (epoch) => (inForce?.epoch === epoch ? inForce : past.get(epoch));
}
