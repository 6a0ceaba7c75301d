// SPDX-License-Identifier: Apache-2.0

import {
  anyEvidenceCodec,
  decodeRequest,
  verifyEvidence,
  type AnyEvidence,
  type LaneId,
  type LaneStatusRecord,
  type NotaryStatusRecord,
  type StatusRecords,
  type StoredEvidenceRecord,
  type TxId,
} from '@gridpeg/protocol';
import { type GovernedChain } from './governed-chain';

/** Evidence that a ledger has recorded. */
export interface RecordedEvidence {
  readonly chain: string;
  readonly txId: TxId;
  readonly time: Date;
  /** MSP id of whoever submitted it */
  readonly submitter: string;
  /**
   * MSP id of the notary that signed two contents; undefined once no committee there names its key any more, and for
   * other kinds
   */
  readonly notary: string | undefined;
  /** MSP ids of the organizations whose peers gave two answers, or whose notaries signed what was never committed */
  readonly liars: readonly string[];
  readonly packetId: string;
  /** Lanes that it froze and that still are. */
  readonly frozen: readonly LaneId[];
  /** Chains on which the key still counts. */
  readonly countsOn: readonly string[];
  readonly evidence: AnyEvidence;
}

interface Known {
  readonly governed: GovernedChain;
  readonly statusRecords: StatusRecords;
  readonly records: readonly StoredEvidenceRecord[];
}

/** Reads what these ledgers have recorded of liars, from the transactions that suspended keys and froze lanes. */
export async function readEvidence(all: readonly GovernedChain[]): Promise<readonly RecordedEvidence[]> {
  const known = await Promise.all(all.map(knownOn));
  return (await Promise.all(known.map((one) => recordedOn(one, known)))).flat();
}

/** The evidence by which a lane is frozen on a chain. */
export async function readFreezing(
  governed: GovernedChain,
  { txId }: Pick<LaneStatusRecord, 'txId'>,
): Promise<RecordedEvidence | undefined> {
  const known = await knownOn(governed);
  return recordedIn(txId, known, [known]);
}

async function knownOn(governed: GovernedChain): Promise<Known> {
  const { governance, evidence } = governed.reader;
  const [statusRecords, records] = await Promise.all([governance.statusRecords(), evidence.list()]);
  return { governed, statusRecords, records };
}

async function recordedOn(on: Known, all: readonly Known[]): Promise<readonly RecordedEvidence[]> {
  const { lanes, notaries } = on.statusRecords;
  const frozen = lanes.filter(({ state }) => state === 'frozen');
  const suspended = notaries.filter(({ state }) => state === 'suspended');
  // What answers of a source have proven stays to be seen after the lanes are open again.
  const txIds = new Set([...suspended, ...frozen, ...on.records].map(({ txId }) => txId));
  const found = await Promise.all([...txIds].map((txId) => recordedIn(txId, on, all)));
  return found.filter((recorded) => recorded !== undefined);
}

/** @returns undefined when the transaction submitted no evidence: a key can be suspended by a vote as well */
async function recordedIn(txId: TxId, on: Known, all: readonly Known[]): Promise<RecordedEvidence | undefined> {
  const { args, time, creator } = await on.governed.reader.connection.transaction(txId);
  const [name, argument = ''] = args;
  if (name !== 'governance:submitEvidence') return undefined;
  const evidence = decodeRequest(anyEvidenceCodec, argument);
  const frozen = on.statusRecords.lanes.filter((lane) => lane.state === 'frozen' && lane.txId === txId);
  return {
    ...{ chain: on.governed.chain.name, txId, time, submitter: creator, evidence },
    frozen: frozen.map(({ laneId }) => laneId),
    ...accusedBy(evidence, txId, on, all),
  };
}

function accusedBy(
  evidence: AnyEvidence,
  txId: TxId,
  { statusRecords: { notaries }, records }: Known,
  all: readonly Known[],
): Pick<RecordedEvidence, 'notary' | 'liars' | 'packetId' | 'countsOn'> {
  if (evidence.kind === 'packets' || evidence.kind === 'receipts') {
    const notary = organizationOf(evidence.publicKey, notaries);
    const { packetId } = verifyEvidence(evidence);
    return { notary, liars: [], packetId, countsOn: countsOn([evidence.publicKey], all) };
  }
  const record = records.find((candidate) => candidate.txId === txId);
  const keys = record?.publicKeys ?? [];
  const signers = keys.flatMap((key) => organizationOf(key, notaries) ?? []);
  return {
    ...{ notary: undefined, packetId: record?.packetId ?? '', countsOn: countsOn(keys, all) },
    liars: [...(record?.organizations ?? []), ...signers],
  };
}

function organizationOf(key: string, notaries: readonly NotaryStatusRecord[]): string | undefined {
  return notaries.find(({ publicKey }) => publicKey === key)?.mspId;
}

function countsOn(keys: readonly string[], all: readonly Known[]): readonly string[] {
  const trusting = all.filter(({ statusRecords }) =>
    statusRecords.notaries.some(({ publicKey, state }) => keys.includes(publicKey) && state === 'trusted'),
  );
  return trusting.map(({ governed }) => governed.chain.name);
}

/** Evidence as people read it, and what to do next. */
export function evidenceLines(recorded: RecordedEvidence): readonly string[] {
  const { chain, txId, time, submitter, frozen } = recorded;
  const lanes = frozen.join(' ');
  return [
    `${chain}: ${describeLie(recorded)}`,
    `  recorded   ${time.toISOString()}, submitted by ${submitter}, transaction ${txId}`,
    ...keyLines(recorded),
    lanes === ''
      ? '  frozen     nothing here'
      : `  frozen     ${frozen.join(', ')}; ` +
        `next: gridpeg governance propose open ${lanes} --chain ${chain} --as <organization>`,
    ...elsewhereLines(recorded),
  ];
}

/** Who lied about what, without a full stop. */
export function describeLie({
  evidence,
  notary,
  liars,
  packetId,
}: Pick<RecordedEvidence, 'evidence' | 'notary' | 'liars' | 'packetId'>): string {
  const named = liars.length === 0 ? 'organizations that cannot be told from honest ones' : liars.join(', ');
  switch (evidence.kind) {
    case 'answers':
      return `peers of ${named} gave two contents for packet ${packetId} or its receipt`;
    case 'absence':
      return `the notaries of ${named} signed packet ${packetId} or its receipt, which its chain never committed`;
    default: {
      const what = evidence.kind === 'packets' ? 'packet' : 'the receipt of packet';
      return `the notary of ${notary ?? 'no present committee'} signed two contents for ${what} ${packetId}`;
    }
  }
}

/** What the members do about who lied, before they open the lane. */
export function remedyFor({ evidence, chain, countsOn: counting }: RecordedEvidence): string {
  if (evidence.kind === 'answers')
    return `take the certificates or organizations of the peers that lied out of the trust record on ${chain}`;
  return counting.includes(chain)
    ? 'suspend the keys that still count (`gridpeg governance propose suspend-notary`)'
    : 'see who lied: the keys count no more';
}

function keyLines(recorded: RecordedEvidence): readonly string[] {
  const { evidence, chain, notary, countsOn: counting } = recorded;
  switch (evidence.kind) {
    case 'answers':
      return [`  peers      next: ${remedyFor(recorded)}`];
    case 'absence':
      return counting.includes(chain) ? [`  keys       next: ${remedyFor(recorded)}`] : [];
    default: {
      const another = notary === undefined ? '' : '; another one comes in by `gridpeg governance rotation`';
      return [`  key        ...${evidence.publicKey.slice(-16)} counts no more on ${chain}, for good${another}`];
    }
  }
}

function elsewhereLines({ chain, countsOn: elsewhere }: RecordedEvidence): readonly string[] {
  const others = elsewhere.filter((name) => name !== chain);
  if (others.length === 0) return [];
  return [
    `  elsewhere  the key still counts on ${others.join(', ')}; ` +
      `next: gridpeg evidence export ${chain} -o evidence.json, then gridpeg evidence submit evidence.json`,
  ];
}
