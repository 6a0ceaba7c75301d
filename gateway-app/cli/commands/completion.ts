// SPDX-License-Identifier: Apache-2.0

import { Argument, type Command } from 'commander';
import { examples, handled } from '../context/command-line';
import { type CommandContext } from '../context/command-context';
import { result } from '../context/command-result';
import { completionScript, shells, type Shell } from '../output/completion-script';

/** `completion` prints a script with what a shell completes after `gridpeg`. */
export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description('a script by which a shell completes commands and options')
    .addArgument(new Argument('<shell>').choices(shells))
    .addHelpText(
      'after',
      examples(
        ['eval "$(gridpeg completion bash)"', 'in ~/.bashrc, where `gridpeg` is on the PATH'],
        ['gridpeg completion zsh > "${fpath[1]}/_gridpeg"', 'in zsh'],
        ['gridpeg completion fish > ~/.config/fish/completions/gridpeg.fish', 'in fish'],
      ),
    )
    .action(
      handled((_context: CommandContext, _options: object, shell: Shell) => {
        const script = completionScript(program, shell);
        return result({ shell, script }, [script]);
      }),
    );
}
