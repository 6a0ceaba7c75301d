// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { describeFailure } from '../../../errors/describe-failure';
import { develop, type DevelopmentEvents } from '../../../setup/develop';
import { type CommandContext } from '../../context/command-context';
import { examples, handled } from '../../context/command-line';
import { reported, type CommandResult } from '../../context/command-result';
import { abortOnSignals } from '../../context/interrupt';
import { formatTable } from '../../output/format-table';

const columns = [{ heading: 'SERVICE' }, { heading: 'DEBUGGER' }];

/** `dev` restarts chaincode as it is written. */
export function addDevCommand(program: Command): void {
  program
    .command('dev')
    .description(
      'compile chaincode as it is written and restart its services, without a round of the life cycle; debuggers ' +
        'can attach. Until interrupted',
    )
    .addHelpText(
      'after',
      examples(
        ['gridpeg up && gridpeg dev', 'change a file below chaincode/ and invoke again'],
        ['gridpeg dev --json', 'one JSON document a line for every start'],
      ),
    )
    .action(handled(runDev));
}

async function runDev(context: CommandContext): Promise<CommandResult> {
  await develop(context.stateDir, eventsFor(context), abortOnSignals('SIGINT', 'SIGTERM'));
  return reported();
}

function eventsFor({ json, report, printMessage }: CommandContext): DevelopmentEvents {
  return {
    started: (started, seconds) => {
      const lines = [`started in ${seconds.toFixed(1)} s: ${started.join(', ')}`];
      report({ started, seconds }, started.length > 0 ? lines : []);
    },
    failed: (error) => {
      const { code, message, detail } = describeFailure(error);
      if (json) report({ code, message, detail }, []);
      else printMessage([`${code}: ${message}`, ...(detail === undefined ? [] : [detail])].join('\n'));
    },
    watching: (inspectors) => {
      report(
        { inspectors },
        formatTable(
          columns,
          inspectors.map(({ node, inspector }) => [node, inspector]),
        ),
      );
      printMessage('Watching the chaincode. Ctrl-C ends it.');
    },
    compiler: (line) => {
      printMessage(line);
    },
  };
}
