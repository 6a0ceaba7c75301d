// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { delimiter } from 'node:path';
import { commandEnvironment } from '../../../consortium/command-environment';
import { examples, handled } from '../../context/command-line';
import { type CommandContext } from '../../context/command-context';
import { result, type CommandResult } from '../../context/command-result';
import { shellQuote } from '../../output/shell-quote';

interface EnvironmentOptions {
  readonly chain?: string;
  readonly user?: string;
}

/** `env` prints the variables with which a shell uses Fabric's commands, and the samples' clients, on this network. */
export function addEnvironmentCommand(program: Command): void {
  program
    .command('env <organization>')
    .description("exports for Fabric's `peer` command and for the Fabric samples' gateway clients")
    .option('--chain <name>', "which chain's peer (default: the first that the organization is a member of)")
    .option('--user <name>', 'as whom (default: Admin for `peer`, the operator for gateway clients)')
    .addHelpText(
      'after',
      examples(
        ['eval "$(gridpeg env Grid)"', 'from now on, `peer` in this shell is the administrator of GridMSP'],
        ['peer channel getinfo -c "$CHANNEL_NAME"', 'asks its peer'],
        [
          'peer chaincode query -C "$CHANNEL_NAME" -n "$CHAINCODE_NAME" -c \'{"Args":["peg:getConfiguration","{}"]}\'',
          'calls the chaincode',
        ],
        ['eval "$(gridpeg env ChargingMSP --chain charging --user User1)"', 'another chain, another user'],
      ),
    )
    .action(handled(runEnvironment));
}

function runEnvironment(
  { stateDir, interactive, environment }: CommandContext,
  options: EnvironmentOptions,
  organization: string,
): CommandResult {
  const { variables, programDirs } = commandEnvironment(stateDir, organization, options);
  const path = [...programDirs, environment['PATH'] ?? ''].join(delimiter);
  const dirs = shellQuote(programDirs.join(delimiter));
  return result({ ...variables, PATH: path }, [
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${shellQuote(value)}`),
    ...(programDirs.length > 0 ? [`export PATH=${dirs}${delimiter}"$PATH"`] : []),
    ...(interactive ? [`# To use it: eval "$(gridpeg env ${shellQuote(organization)})"`] : []),
  ]);
}
