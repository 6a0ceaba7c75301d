// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { PeggedNetwork, shownPath } from '../../../consortium/consortium';
import { listNotes, type HeldNote } from '../../../transfers/list-notes';
import { issue, merge, pay, retire } from '../../../transfers/move-notes';
import { examples, handled } from '../../context/command-line';
import { type CommandContext } from '../../context/command-context';
import { result, type CommandResult } from '../../context/command-result';
import { recipientIn, type RecipientOptions } from '../../input/confirm-recipient';
import { formatQuantity, formatTable } from '../../output/format-table';
import { sentResult } from './send';
import {
  spendingIn,
  valueIn,
  withAsset,
  withNotes,
  withRecipient,
  withValue,
  type SpendOptions,
  type ValueOptions,
} from './value-options';

/** `note list`, `issue`, `pay`, `merge` and `retire` show and move the notes of holders on one chain. */
export function addNoteCommands(program: Command): void {
  const note = program
    .command('note')
    .description('what accounts hold, and what they do with it on one chain')
    .addHelpText('after', examples(['gridpeg note list --chain city', 'who holds what']));
  note
    .command('list')
    .description('unspent notes')
    .option('--chain <name>', 'on one chain (default: on all)')
    .option('--owner <account>', 'of one account (default: of every user whose keys are here)')
    .addHelpText(
      'after',
      examples(['gridpeg note list --chain charging --owner ChargingMSP/User1', 'vouchers of one holder']),
    )
    .action(handled(runList));

  withRecipient(
    withValue(note.command('issue').description('make notes of an asset, as its issuer on its home chain')),
    'whom to, as ChargingMSP/User1',
  )
    .option('--as <user>', 'who issues (default: the first of its issuers whose keys are here)')
    .addHelpText(
      'after',
      examples(['gridpeg note issue --quantity 100000 --recipient ChargingMSP/User1', '100 kWh of credit']),
    )
    .action(handled(runIssue));

  withSpender(
    withRecipient(
      withValue(note.command('pay').description('give notes to another account on the same chain; also splits them')),
      'whom to',
    ),
    'spend',
  )
    .addHelpText(
      'after',
      examples([
        'gridpeg note pay --chain city --quantity 500 --as ChargingMSP/User1 --recipient MicrogridMSP/User1',
        'on city',
      ]),
    )
    .action(handled(runPay));

  withSpender(
    withAsset(
      note.command('merge').description('make one note of several, for each asset and each way that value came by'),
      'each by itself',
    ),
    'merge',
    'all that the account holds there',
  )
    .addHelpText(
      'after',
      examples(['gridpeg note merge --chain city --as ChargingMSP/User1', 'when payments have left many small ones']),
    )
    .action(handled(runMerge));

  withSpender(
    withValue(note.command('retire').description('end value that was consumed: at home, or away by a packet home')),
    'spend',
  )
    .addHelpText(
      'after',
      examples([
        'gridpeg note retire --chain charging --quantity 3000 --as ChargingMSP/User1',
        '3 kWh went into a vehicle',
      ]),
    )
    .action(handled(runRetire));
}

function withSpender(command: Command, does: string, absent = 'picks notes itself'): Command {
  return withNotes(command, does, absent)
    .requiredOption('--chain <name>', 'on which chain')
    .requiredOption('--as <user>', 'whose notes, as ChargingMSP/User1');
}

interface OnChain {
  readonly chain: string;
}

async function runList(
  { stateDir }: CommandContext,
  options: { readonly chain?: string; readonly owner?: string },
): Promise<CommandResult> {
  return PeggedNetwork.with(stateDir, async (network) => {
    const notes = await listNotes(network, options);
    return result(notes, notesTable(network, notes));
  });
}

async function runIssue(
  context: CommandContext,
  options: ValueOptions & RecipientOptions & { readonly as?: string },
): Promise<CommandResult> {
  const value = valueIn(options);
  const { moved, recipient, unit } = await PeggedNetwork.with(context.stateDir, (network) =>
    issue(network, { ...value, by: options.as, asset: options.asset, recipient: recipientIn(context, options) }),
  );
  return result(moved, [
    `Issued ${value.quantity.toString()} ${unit} to ${recipient} in block ${moved.blockNumber.toString()}.`,
    `note ${moved.noteIds[0] ?? ''}`,
  ]);
}

async function runPay(
  context: CommandContext,
  options: SpendOptions & RecipientOptions & OnChain,
): Promise<CommandResult> {
  const { chain } = options;
  const spending = spendingIn(options);
  const { moved, recipient } = await PeggedNetwork.with(context.stateDir, (network) =>
    pay(network, { ...spending, chain, recipient: recipientIn(context, options) }),
  );
  const { blockNumber, noteIds } = moved;
  return result(moved, [
    `Paid ${spending.quantity.toString()} to ${recipient} on ${chain} in block ${blockNumber.toString()}.`,
    ...noteIds.map((id, index) => `${index === 0 ? 'note' : 'change'} ${id}`),
  ]);
}

async function runMerge(
  { stateDir }: CommandContext,
  options: Omit<SpendOptions, keyof ValueOptions> & Pick<ValueOptions, 'asset'> & OnChain,
): Promise<CommandResult> {
  const { chain, as: by, asset, note: notes } = options;
  const merged = await PeggedNetwork.with(stateDir, (network) => merge(network, { chain, by, asset, notes }));
  const lines = merged.map(
    (each) =>
      `Merged ${each.notes.toString()} notes of ${each.asset}: note ${each.noteId} holds ${each.quantity.toString()}.`,
  );
  return result(merged, lines.length === 0 ? ['There is nothing to merge: no two notes are of one kind.'] : lines);
}

async function runRetire({ stateDir }: CommandContext, options: SpendOptions & OnChain): Promise<CommandResult> {
  const spending = spendingIn(options);
  const retired = await PeggedNetwork.with(stateDir, (network) =>
    retire(network, { ...spending, chain: options.chain }),
  );
  if ('sent' in retired) return sentResult(retired.sent, spending.quantity, 'retirement');
  const { moved } = retired;
  return result(moved, [`Retired ${spending.quantity.toString()} in block ${moved.blockNumber.toString()}.`]);
}

function notesTable(network: PeggedNetwork, notes: readonly HeldNote[]): readonly string[] {
  if (notes.length === 0) return ['There are no such notes.'];
  const sorted = [...notes].sort((a, b) =>
    `${a.chain} ${a.owner} ${a.memo}` < `${b.chain} ${b.owner} ${b.memo}` ? -1 : 1,
  );
  const units = new Map(network.state.peg.assets.map(({ id, unit }) => [id, unit]));
  const columns = ['chain', 'owner', 'asset'].map((heading) => ({ heading }));
  return formatTable(
    [
      ...columns,
      { heading: 'quantity', right: true },
      { heading: 'came by' },
      { heading: 'memo' },
      { heading: 'note' },
    ],
    sorted.map(({ chain, owner, asset, quantity, label, memo, id }) => [
      ...[chain, owner, asset, `${formatQuantity(quantity)} ${units.get(asset) ?? ''}`.trimEnd()],
      ...[shownPath(label), memo, id],
    ]),
  );
}
