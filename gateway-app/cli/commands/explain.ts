// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { codeEntries, similarCode, type CodeEntry } from '../../errors/code-tables';
import { type CommandContext } from '../context/command-context';
import { result } from '../context/command-result';
import { CommandError } from '../../errors/command-error';
import { examples, handled } from '../context/command-line';
import { formatTable } from '../output/format-table';

/** `explain` says what a code means. */
export function addExplainCommand(program: Command): void {
  program
    .command('explain [code]')
    .description('what a code means, and what to do; without a code, all of them')
    .addHelpText(
      'after',
      examples(
        ['gridpeg explain DEADLINE_PASSED', 'why a transfer came back'],
        ['gridpeg explain', 'every code there is, with its meaning'],
      ),
    )
    .action(
      handled((_context: CommandContext, _options: object, code: string | undefined) => {
        const entries = code === undefined ? codeEntries : entriesOf(code);
        const lines = entries.map((entry) => `${entry.code}: ${entry.summary}. ${entry.remedy}`);
        return result(entries, code === undefined ? listOf(entries) : lines);
      }),
    );
}

function entriesOf(text: string): readonly CodeEntry[] {
  const name = text.toUpperCase().replaceAll('-', '_');
  const entries = codeEntries.filter(({ code }) => code === name);
  if (entries.length > 0) return entries;
  const similar = similarCode(name);
  const remedy = similar === undefined ? '`gridpeg explain` lists all of them' : `Did you mean ${similar}?`;
  const end = similar === undefined ? '.' : ' `gridpeg explain` lists all of them.';
  throw new CommandError('CODE_UNKNOWN', `${text.slice(0, 100)} is no code of gridpeg`, `${remedy}${end}`);
}

function listOf(entries: readonly CodeEntry[]): readonly string[] {
  const columns = ['code', 'said by', 'meaning'].map((heading) => ({ heading }));
  return formatTable(
    columns,
    entries.map(({ code, part, summary }) => [code, part, summary]),
  );
}
