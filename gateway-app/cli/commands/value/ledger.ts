// SPDX-License-Identifier: Apache-2.0

import { accountShape, type Note } from '@gridpeg/protocol';
import { type Command } from 'commander';
import { toJson } from '../../context/command-context';
import { contextOf, examples } from '../../context/command-line';
import { formatQuantity, formatTable } from '../../output/format-table';
import { parseByShape } from '../../../input/parse-option';
import { PeggedNetwork, shownPath } from '../../../consortium/consortium';

/** `notes`: what the ledgers hold. */
export function addLedgerCommands(program: Command): void {
  program
    .command('notes')
    .description('unspent notes')
    .option('--chain <name>', 'on one chain (default: on all)')
    .option('--owner <account>', 'of one account (default: of every user whose keys are here)')
    .addHelpText(
      'after',
      examples(['gridpeg notes --chain charging --owner ChargingMSP/User1', 'vouchers of one holder']),
    )
    .action(runNotes);
}

async function runNotes(options: { chain?: string; owner?: string }, command: Command): Promise<void> {
  const { stateDir, json, print } = contextOf(command);
  await PeggedNetwork.with(stateDir, async (network) => {
    const chains = options.chain === undefined ? network.state.chains : [network.chain(options.chain)];
    const owners = ownersOf(network, options.owner);
    const found = await Promise.all(
      chains.flatMap((chain) => {
        const client = network.client(chain, network.reader(chain));
        return owners.map(async (owner) => ({ chain: chain.name, notes: await client.notes(owner) }));
      }),
    );
    const rows = found.flatMap(({ chain, notes }) => notes.map((note) => ({ chain, ...note })));
    if (json) print(toJson(rows));
    else for (const line of notesTable(network, rows)) print(line);
  });
}

function ownersOf(network: PeggedNetwork, owner: string | undefined): ReadonlyArray<Note['owner']> {
  if (owner === undefined) {
    // An imported identity may be one that is here already.
    const accounts = network.state.organizations.flatMap(({ mspId, users }) =>
      users.map(({ name }) => network.holder(`${mspId}/${name}`).account),
    );
    return [...new Set(accounts)];
  }
  // An account need not have its keys here to be looked at.
  return [owner.includes('@') ? parseByShape(accountShape, owner, '--owner') : network.holder(owner).account];
}

function notesTable(network: PeggedNetwork, rows: ReadonlyArray<Note & { readonly chain: string }>): readonly string[] {
  if (rows.length === 0) return ['There are no such notes.'];
  const sorted = [...rows].sort((a, b) =>
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
