// SPDX-License-Identifier: Apache-2.0

import { type TxId } from '@gridpeg/protocol';
import { PegError, type CommittedTransaction } from '../client';
import { CommandError } from '../errors/command-error';
import { type ChainState, type PeggedNetwork } from '../consortium/consortium';

/** A transaction on the chain that has it. */
interface Found {
  readonly chain: string;
  readonly blockNumber: bigint;
  readonly transaction: CommittedTransaction;
}

/**
 * Asks every chain for a transaction.
 *
 * @throws CommandError TRANSACTION_UNKNOWN when every chain says that it has none; PegError when one does not answer
 */
export async function findTransaction(network: PeggedNetwork, txId: TxId): Promise<Found> {
  const looked = await Promise.allSettled(network.state.chains.map((chain) => transactionOn(network, chain, txId)));
  for (const each of looked) if (each.status === 'fulfilled' && each.value !== undefined) return each.value;
  for (const each of looked) if (each.status === 'rejected') throw each.reason;
  throw new CommandError(
    'TRANSACTION_UNKNOWN',
    `no chain has transaction ${txId}: it has not committed`,
    'Ask again a little later, then do it again.',
  );
}

async function transactionOn(network: PeggedNetwork, chain: ChainState, txId: TxId): Promise<Found | undefined> {
  const { connection } = network.client(chain, network.reader(chain));
  try {
    const [transaction, blockNumber] = await Promise.all([
      connection.transaction(txId),
      connection.blockNumberOf(txId),
    ]);
    return { chain: chain.name, blockNumber, transaction };
  } catch (error) {
    if (error instanceof PegError && /no such transaction/iu.test(error.message)) return undefined;
    throw error;
  }
}
