// SPDX-License-Identifier: Apache-2.0

import { txIdShape, type TxId } from '@gridpeg/protocol';
import { type Command } from 'commander';
import { PegError, type CommittedTransaction } from '../../../client';
import { answer } from '../../context/command-context';
import { CommandError } from '../../../errors/command-error';
import { contextOf, examples } from '../../context/command-line';
import { parseByShape } from '../../../input/parse-option';
import { PeggedNetwork, type ChainState } from '../../../consortium/consortium';

/** A transaction on the chain that has it. */
interface Found {
  readonly chain: string;
  readonly blockNumber: bigint;
  readonly transaction: CommittedTransaction;
}

/** `transaction`: what became of a transaction whose outcome a command did not learn. */
export function addTransactionCommand(program: Command): void {
  program
    .command('transaction <tx-id>')
    .description(
      'what became of a transaction that was handed in: on which chain it is, in which block, and whether it holds',
    )
    .addHelpText(
      'after',
      examples(['gridpeg transaction <transaction id>', 'after COMMIT_STATUS_UNKNOWN, before sending again']),
    )
    .action(async (id: string, _options: unknown, command: Command) => {
      const context = contextOf(command);
      const txId = parseByShape(txIdShape, id, 'transaction id');
      await PeggedNetwork.with(context.stateDir, async (network) => {
        const { chain, blockNumber, transaction } = await findTransaction(network, txId);
        const { valid, creator, args } = transaction;
        const document = { txId, chain, blockNumber, valid, creator, function: args[0] ?? '' };
        const outcome = valid ? 'committed, and holds' : 'marked invalid: nothing of it holds';
        answer(context, document, [
          `${chain}, block ${blockNumber.toString()}: ${document.function} of ${creator} is ${outcome}.`,
        ]);
      });
    });
}

/** @throws CommandError TRANSACTION_UNKNOWN when every chain says that it has none; PegError when one does not answer */
async function findTransaction(network: PeggedNetwork, txId: TxId): Promise<Found> {
  const looked = await Promise.allSettled(network.state.chains.map((chain) => transactionOn(network, chain, txId)));
  for (const each of looked) if (each.status === 'fulfilled' && each.value !== undefined) return each.value;
  for (const each of looked) if (each.status === 'rejected') throw each.reason;
  throw new CommandError(
    'TRANSACTION_UNKNOWN',
    `no chain has transaction ${txId}: it has not committed. Ask again a little later, then do it anew.`,
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
