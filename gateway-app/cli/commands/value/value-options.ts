// SPDX-License-Identifier: Apache-2.0

import { memoCodec, quantityCodec } from '@gridpeg/protocol';
import { Option, type Command } from 'commander';
import { parseByCodec } from '../../../input/parse-option';
import { type Spending } from '../../../transfers/spender';
import { collect } from '../../context/command-line';

/** Options of commands that make or move notes. */
export interface ValueOptions {
  readonly quantity: string;
  readonly asset?: string;
  readonly memo: string;
}

/** Options of commands that spend notes. */
export interface SpendOptions extends ValueOptions {
  readonly note: readonly string[];
  readonly as: string;
}

const units = 'in the unit of the asset (energy: watt-hours)';

/** Declares `--quantity`, `--asset` and `--memo`. */
export function withValue(command: Command): Command {
  return withAsset(command.requiredOption('--quantity <number>', `how much, ${units}`)).option(
    '--memo <text>',
    'up to 128 printable characters, for whoever reads the ledger',
    '',
  );
}

/** Declares `--asset`. */
export function withAsset(command: Command, absent = 'the only one'): Command {
  return command.option('--asset <id>', `which asset (default: ${absent})`);
}

/** Declares `--note`. */
export function withNotes(command: Command, does: string, absent: string): Command {
  return command.addOption(
    new Option('--note <id>', `${does} this note; may be given several times`).argParser(collect).default([], absent),
  );
}

/** Declares `--recipient`, and the option for one that nobody here knows. */
export function withRecipient(command: Command, whom: string): Command {
  return command
    .requiredOption('--recipient <account>', whom)
    .option('--unknown-recipient', 'pay an account of which nothing is known here');
}

/** @throws CommandError USAGE */
export function valueIn({ quantity, memo }: ValueOptions): { readonly quantity: bigint; readonly memo: string } {
  return {
    quantity: parseByCodec(quantityCodec, quantity, '--quantity'),
    memo: parseByCodec(memoCodec, memo, '--memo'),
  };
}

/** @throws CommandError USAGE */
export function spendingIn(options: SpendOptions): Spending & { readonly memo: string } {
  return { ...valueIn(options), by: options.as, asset: options.asset, notes: options.note };
}
