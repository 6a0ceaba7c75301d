// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { CommandError } from '../errors/command-error';

/** Commands that have another name now, below `gridpeg` or below one of its groups. */
export const renamedCommands: Readonly<Record<string, string>> = {
  issue: 'note issue',
  pay: 'note pay',
  retire: 'note retire',
  notes: 'note list',
  why: 'transfer why',
  'node restart': 'restart',
};

/** Makes the old names say the new ones, whatever follows them; no help lists them. */
export function addRenamedCommands(program: Command): void {
  for (const [oldName, newName] of Object.entries(renamedCommands)) {
    const words = oldName.split(' ');
    const name = words.at(-1) ?? '';
    const parent = program.commands.find((command) => command.name() === words.at(-2)) ?? program;
    parent
      .command(name, { hidden: true })
      .description(`is now \`gridpeg ${newName}\``)
      .argument('[rest...]')
      .allowUnknownOption()
      .helpOption(false)
      .action(() => {
        const remedy = `Type \`gridpeg ${newName}\`, which takes the same options.`;
        throw new CommandError('COMMAND_RENAMED', `\`gridpeg ${oldName}\` is now \`gridpeg ${newName}\``, remedy);
      });
  }
}
