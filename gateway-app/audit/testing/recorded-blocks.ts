// SPDX-License-Identifier: Apache-2.0

import { channelOf } from '@gridpeg/protocol';
import { type RecordedLedger } from '@gridpeg/peg/testing';
import { type AuditReport } from '../report/audit-report';
import { type AuditBlock, type AuditTransaction } from '../blocks/audit-block';
import { LedgerReading, type BlockSource } from '../ledger-reading';

/** Changes a transaction, or the list that comes in its place. */
export type Change = (transaction: AuditTransaction, chain: string) => AuditTransaction | readonly AuditTransaction[];

const zero = '0'.repeat(64);

/** The transactions of a ledger that contracts wrote in memory, as blocks would have them. */
export function transactionsOf({ transactions }: RecordedLedger): readonly AuditTransaction[] {
  const writtenIn = new Map<string, bigint>();
  return transactions.map(({ call, absent, present, writes }, number) => {
    const read = new Map(present.map((key) => [key, writtenIn.get(key) ?? 0n]));
    for (const [key] of writes) writtenIn.set(key, BigInt(number));
    return {
      txId: call.txId,
      timeMs: BigInt(call.timeMs),
      creator: { mspId: call.mspId, certificate: call.certificate },
      call: { chaincode: 'gridpeg', name: call.name, argument: call.argument },
      absent: new Set(absent),
      present: read,
      writes: writes.map(([key, value]) => ({ key, value })),
      metadataKeys: [],
    };
  });
}

/** Each transaction in a block of its own. */
function sourceOf(ledger: RecordedLedger, change: Change = (transaction) => transaction): BlockSource {
  const name = channelOf(ledger.chainId);
  const blocks = transactionsOf(ledger).map((transaction, number): AuditBlock => {
    const transactions = [change(transaction, name)].flat();
    return { number: BigInt(number), previousHash: zero, dataHash: zero, dataHashFound: zero, flags: [], transactions };
  });
  return {
    ...{ name, chainId: ledger.chainId, chaincodeName: 'gridpeg' },
    height: () => Promise.resolve(BigInt(blocks.length)),
    blocks: (from, to) => iterate(blocks.slice(Number(from), Number(to))),
    transactions: (block) => Promise.resolve(blocks[Number(block)]?.transactions ?? []),
    copies: { organization: 'GridMSP', comparedWith: undefined, compared: 0n },
    takeFindings: () => [],
  };
}

/** Audits recorded ledgers, with changes, on the day after their last transaction. */
export function readLedgers(ledgers: readonly RecordedLedger[], change?: Change): Promise<AuditReport> {
  const times = ledgers.flatMap(({ transactions }) => transactions.map(({ call }) => call.timeMs));
  const now = (times.sort((a, b) => b - a)[0] ?? 0) + 86_400_000;
  return new LedgerReading(
    ledgers.map((ledger) => sourceOf(ledger, change)),
    () => now,
  ).audit();
}

async function* iterate<T>(values: readonly T[]): AsyncGenerator<T, void> {
  for (const value of values) yield await Promise.resolve(value);
}
