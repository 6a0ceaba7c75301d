// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { PeggedNetwork } from '../../../consortium/consortium';
import { laneStatus, type LaneStatus } from '../../../transfers/lane-status';
import { examples, handled } from '../../context/command-line';
import { type CommandContext } from '../../context/command-context';
import { result, type CommandResult } from '../../context/command-result';
import { formatTable } from '../../output/format-table';

/** `lane status` shows which lanes move. */
export function addLaneCommands(program: Command): void {
  const lane = program
    .command('lane')
    .description('the ways between the chains')
    .addHelpText('after', examples(['gridpeg lane status', 'which lanes are open, and what is on its way']));
  lane
    .command('status [lane]')
    .description('whether lanes are open at both ends, what is on its way, and which notaries relay it')
    .addHelpText('after', examples(['gridpeg lane status city-charging', 'one lane']))
    .action(handled(runStatus));
}

async function runStatus(
  { stateDir }: CommandContext,
  _options: object,
  laneId: string | undefined,
): Promise<CommandResult> {
  const lanes = await PeggedNetwork.with(stateDir, (network) => laneStatus(network, stateDir, laneId));
  return result(lanes, lanesTable(lanes));
}

function lanesTable(lanes: readonly LaneStatus[]): readonly string[] {
  if (lanes.length === 0) return ['There are no lanes.'];
  return formatTable(
    [
      ...['lane', 'custody', 'at its source', 'at its destination'].map((heading) => ({ heading })),
      { heading: 'in flight', right: true },
      { heading: 'relayed by' },
      { heading: 'last error' },
    ],
    lanes.map(({ laneId, custody, source, destination, inFlight, relays }) => [
      ...[laneId, custody, source.state, destination.state, inFlight?.toString() ?? 'unknown'],
      ...[
        relays.map(({ organization }) => organization).join(', ') || 'nobody that answers',
        relays.flatMap(({ lastError }) => (lastError === '' ? [] : [lastError]))[0] ?? '',
      ],
    ]),
  );
}
