// SPDX-License-Identifier: Apache-2.0

import { driverNames } from '@gridpeg/network';
import { Command, Option } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { withKnownOrganizations } from './known-organizations';
import { repositoryDir } from '../../consortium/installation';
import { commandContext, isForPrograms, printResult, type CommandContext } from './command-context';
import { type CommandResult } from './command-result';

function gridpegVersion(): string {
  const file = join(repositoryDir, 'gateway-app', 'package.json');
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
}

/** The program `gridpeg`, with the options that every command accepts. */
export function commandLine(): Command {
  const program = new Command('gridpeg');
  return program
    .description('Pegs Hyperledger Fabric channels to each other, so that value moves between them and can be audited')
    .version(gridpegVersion())
    .option('--state <folder>', "the network's folder", '.gridpeg')
    .option('--json', 'print one JSON document, errors too; `logs` prints one a line')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .configureOutput({
      // Help texts name organizations and users of the network that is there.
      writeOut: (text) => process.stdout.write(withKnownOrganizations(text, contextOf(program).stateDir)),
      outputError: (text, write) => {
        if (!isForPrograms()) write(text.replace(/^error: /, 'USAGE: '));
      },
    })
    .showHelpAfterError('(see `gridpeg --help`)')
    .addHelpText(
      'after',
      examples(
        ['gridpeg day', 'a network, four notaries, and a real day of EV-charging credit between three chains'],
        ['gridpeg status', 'what runs'],
        ['gridpeg note list --chain city', 'who holds what'],
        ['gridpeg audit', 'checks all ledgers against each other, from their blocks'],
        ['gridpeg down', 'ends everything and removes the folder'],
      ),
    );
}

/** Examples for a help text: commands, and what they do. */
export function examples(...lines: ReadonlyArray<readonly [command: string, does: string]>): string {
  return ['', 'Examples:', ...lines.flatMap(([command, does]) => [`  $ ${command}`, `      ${does}`])].join('\n');
}

/** Options of the command and of those above it. */
function contextOf(command: Command): CommandContext {
  const { state, json } = command.optsWithGlobals<{ state: string; json?: boolean }>();
  return commandContext({ state, json });
}

/** The action of a command. It gets its options and those of the commands above it, then its arguments. */
type Handler = (
  context: CommandContext,
  options: never,
  ...given: readonly never[]
) => CommandResult | Promise<CommandResult>;

/** An action of commander that runs a handler and prints the result. */
export function handled(handler: Handler): (this: Command) => Promise<void> {
  return async function (this: Command) {
    const context = contextOf(this);
    // Commander types neither: the declaration of the command says what it takes.
    const options = this.optsWithGlobals<never>();
    const given = this.processedArgs as unknown[] as never[];
    printResult(await handler(context, options, ...given), context.json);
  };
}

/** `--topology`, for commands that bring a network up. */
export function topologyOption(): Option {
  const text = 'a topology that comes with gridpeg, or a file (default: that of the network that is there, or "dev")';
  return new Option('--topology <name|file>', text);
}

/** How nodes are run, for commands that may make a network. */
export function driverOption(): Option {
  return new Option('--driver <name>', 'how nodes are run in a network that is yet to be made (default: natively)')
    .choices(driverNames)
    .env('GRIDPEG_DRIVER');
}

/** For options that may be given several times. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** `--notary`, for commands that must know where notaries are that `up` did not start. */
export function notaryOption(): Option {
  return new Option('--notary <MSP id=url>', 'where a notary listens, for each of them')
    .argParser(collect)
    .default([], 'as `gridpeg up` decided');
}
