// SPDX-License-Identifier: Apache-2.0

import { txIdCodec } from '@gridpeg/protocol';
import { type Command } from 'commander';
import { PeggedNetwork } from '../../../consortium/consortium';
import { parseByCodec } from '../../../input/parse-option';
import { findTransaction } from '../../../transfers/find-transaction';
import { examples, handled } from '../../context/command-line';
import { type CommandContext } from '../../context/command-context';
import { result, type CommandResult } from '../../context/command-result';

/** `transaction` shows the outcome of a transaction that a command did not learn. */
export function addTransactionCommand(program: Command): void {
  program
    .command('transaction <tx-id>')
    .description(
      'what became of a transaction that was submitted: on which chain it is, in which block, and whether it holds',
    )
    .addHelpText(
      'after',
      examples(['gridpeg transaction <transaction id>', 'after COMMIT_STATUS_UNKNOWN, before sending again']),
    )
    .action(handled(runTransaction));
}

async function runTransaction({ stateDir }: CommandContext, _options: object, id: string): Promise<CommandResult> {
  const txId = parseByCodec(txIdCodec, id, 'transaction id');
  const found = await PeggedNetwork.with(stateDir, (network) => findTransaction(network, txId));
  const { chain, blockNumber, transaction } = found;
  const { valid, creator, args } = transaction;
  const called = args[0] ?? '';
  const outcome = valid ? 'committed, and holds' : 'marked invalid: nothing of it holds';
  return result({ txId, chain, blockNumber, valid, creator, function: called }, [
    `${chain}, block ${blockNumber.toString()}: ${called} of ${creator} is ${outcome}.`,
  ]);
}
