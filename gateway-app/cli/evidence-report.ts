// SPDX-License-Identifier: Apache-2.0

import {
  decodeRequest,
  evidenceShape,
  verifyEvidence,
  type Evidence,
  type LaneId,
  type Standings,
  type TxId,
} from '@gridpeg/protocol';
import { type GovernedChain } from './governed-chain';

/** Evidence that a ledger has recorded. */
export interface RecordedEvidence {
  readonly chain: string;
  readonly txId: TxId;
  readonly time: Date;
  /** MSP id of whoever handed it in */
  readonly submitter: string;
  /** MSP id of the notary that lied; undefined once no committee there names its key any more */
  readonly notary: string | undefined;
  readonly packetId: string;
  /** lanes that it froze and that still are */
  readonly frozen: readonly LaneId[];
  /** chains on which the key still counts */
  readonly countsOn: readonly string[];
  readonly evidence: Evidence;
}

interface Known {
  readonly governed: GovernedChain;
  readonly standings: Standings;
}

/** Reads what these ledgers have recorded of notaries that lied, from the transactions that suspended keys and froze lanes. */
export async function readEvidence(all: readonly GovernedChain[]): Promise<readonly RecordedEvidence[]> {
  const known = await Promise.all(
    all.map(async (governed): Promise<Known> => {
      return { governed, standings: await governed.reader.governance.standings() };
    }),
  );
  return (await Promise.all(known.map((one) => recordedOn(one, known)))).flat();
}

async function recordedOn(
  { governed, standings: { lanes, notaries } }: Known,
  all: readonly Known[],
): Promise<readonly RecordedEvidence[]> {
  const frozen = lanes.filter(({ state }) => state === 'frozen');
  const suspended = notaries.filter(({ state }) => state === 'suspended');
  const txIds = [...new Set([...suspended, ...frozen].map(({ txId }) => txId))];
  const found = await Promise.all(
    txIds.map(async (txId): Promise<readonly RecordedEvidence[]> => {
      const { args, time, creator } = await governed.reader.connection.transaction(txId);
      const [name, argument = ''] = args;
      // A key can be suspended by a vote as well.
      if (name !== 'governance:submitEvidence') return [];
      const evidence = decodeRequest(evidenceShape, argument);
      const { packetId } = verifyEvidence(evidence);
      const recorded = {
        ...{ chain: governed.chain.name, txId, time, submitter: creator, packetId, evidence },
        notary: notaries.find(({ publicKey }) => publicKey === evidence.publicKey)?.mspId,
        frozen: frozen.filter((lane) => lane.txId === txId).map(({ laneId }) => laneId),
        countsOn: countsOn(evidence.publicKey, all),
      };
      return [recorded];
    }),
  );
  return found.flat();
}

function countsOn(key: string, all: readonly Known[]): readonly string[] {
  const trusting = all.filter(({ standings }) =>
    standings.notaries.some(({ publicKey, state }) => publicKey === key && state === 'trusted'),
  );
  return trusting.map(({ governed }) => governed.chain.name);
}

/** Evidence as people read it, and what to do next. */
export function evidenceLines(recorded: RecordedEvidence): readonly string[] {
  const { chain, txId, time, submitter, notary, packetId, frozen, countsOn: elsewhere, evidence } = recorded;
  const what = evidence.kind === 'packets' ? 'packet' : 'the receipt of packet';
  const lanes = frozen.join(' ');
  return [
    `${chain}: the notary of ${notary ?? 'no present committee'} signed two contents for ${what} ${packetId}`,
    `  recorded   ${time.toISOString()}, handed in by ${submitter}, transaction ${txId}`,
    `  key        ...${evidence.publicKey.slice(-16)} counts no more on ${chain}, for good` +
      (notary === undefined ? '' : `; another one comes in by \`gridpeg governance rotation\``),
    lanes === ''
      ? '  frozen     nothing here'
      : `  frozen     ${frozen.join(', ')}; next: gridpeg governance propose open ${lanes} --chain ${chain} --as <organization>`,
    ...(elsewhere.length === 0
      ? []
      : [
          `  elsewhere  the key still counts on ${elsewhere.join(', ')}; next: gridpeg evidence export ${chain} -o evidence.json, then gridpeg evidence submit evidence.json`,
        ]),
  ];
}
