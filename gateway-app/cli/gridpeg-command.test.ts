// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { gridpegCommand } from './gridpeg-command';

/** Every command that does something, by its whole name. */
function commandsOf(command: Command, name: string): ReadonlyArray<readonly [string, Command]> {
  const parts = command.commands.flatMap((part) => commandsOf(part, `${name} ${part.name()}`));
  return parts.length > 0 ? parts : [[name, command]];
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => void (text += part) });
  command.outputHelp();
  return text;
}

describe('every command', () => {
  test.each(commandsOf(gridpegCommand(), 'gridpeg'))(
    '%s says what it does, takes --json, and shows an example',
    (name, command) => {
      const help = helpOf(command);
      expect(command.description()).toMatch(/^[a-z].{6,}[^.]$/);
      expect(help).toContain('--json');
      expect(help).toMatch(/^Examples:$/m);
      expect(help).toMatch(/^ {2}\$ .*gridpeg /m);
      expect(help).toContain(`Usage: ${name}`);
    },
  );
});
