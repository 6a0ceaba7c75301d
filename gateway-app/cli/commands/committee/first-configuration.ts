// SPDX-License-Identifier: Apache-2.0

import { isImported } from '@gridpeg/network';
import { configurationHashOf, configurationCodec } from '@gridpeg/protocol';
import { type Command } from 'commander';
import { type CommandContext } from '../../context/command-context';
import { examples, handled } from '../../context/command-line';
import { result, type CommandResult } from '../../context/command-result';
import { approveFirst } from '../../../governance/configure-chains';
import { PeggedNetwork } from '../../../consortium/consortium';
import { readByCodec } from '../../../input/read-json-file';

/** `governance approve-first` is the part of each organization in the first configuration of a chain. */
export function addFirstConfigurationCommand(governance: Command): void {
  governance
    .command('approve-first <file>')
    .description("approves a chain's first configuration for one's own organization; the last one puts it in force")
    .requiredOption('--chain <name>', 'of which chain')
    .requiredOption('--as <organization>', 'for which organization, by its administrator')
    .addHelpText(
      'after',
      examples(['gridpeg governance approve-first city.json --chain city --as GridMSP', 'the same file for everybody']),
    )
    .action(handled(runApproveFirst));
}

async function runApproveFirst(
  { stateDir }: CommandContext,
  options: { readonly chain: string; readonly as: string },
  file: string,
): Promise<CommandResult> {
  const configuration = readByCodec(configurationCodec, file);
  const hash = configurationHashOf(configuration);
  return PeggedNetwork.with(stateDir, async (network) => {
    const chain = network.chain(options.chain);
    const { approvals } = await approveFirst(network, chain, configuration, [options.as]);
    const members = configuration.members.length;
    const hint = isImported(stateDir) ? '; read it with `gridpeg profile refresh`, as every organization must' : '';
    return result({ chain: chain.name, hash, inForce: approvals === undefined, approvals, members }, [
      approvals === undefined
        ? `${chain.name}: configuration ${hash} is in force${hint}`
        : `${chain.name}: ${approvals.toString()} of ${members.toString()} approve configuration ${hash}`,
    ]);
  });
}
