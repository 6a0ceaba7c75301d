// SPDX-License-Identifier: Apache-2.0

import { isImported } from '@gridpeg/network';
import { type Command } from 'commander';
import { type CommandContext } from '../../context/command-context';
import { examples, handled, notaryOption } from '../../context/command-line';
import { result, type CommandResult } from '../../context/command-result';
import { formatTable } from '../../output/format-table';
import { parseAddress } from '../../../committee/notary-addresses';
import { committeeStatus, type NotaryStatus } from '../../../governance/notary-status';
import { PeggedNetwork } from '../../../consortium/consortium';

/** `notary status` shows the health that each notary reports. */
export function addNotaryStatus(notary: Command): void {
  notary
    .command('status')
    .description('what each notary says of itself; exit status 0 only if enough of them can sign')
    .addOption(notaryOption())
    .addHelpText(
      'after',
      examples(
        ['gridpeg notary status', 'lanes, what is in flight on them, and what failed last'],
        ['gridpeg notary status --notary GridMSP=https://notary.grid.example.com:7310', 'of a network that others run'],
      ),
    )
    .action(handled(runStatus));
}

async function runStatus(
  { stateDir }: CommandContext,
  options: { readonly notary: readonly string[] },
): Promise<CommandResult> {
  const named = new Map(options.notary.map(parseAddress).map(({ mspId, url }) => [mspId, url]));
  const status = await PeggedNetwork.with(stateDir, (network) => committeeStatus(network, stateDir, named));
  const { notaries, signing, threshold } = status;
  const isOfOthers = isImported(stateDir);
  const lines = [
    ...statusTable(notaries, isOfOthers ? 'not named' : 'never started'),
    '',
    ...proofOnlyLines(notaries),
    summary(signing, threshold, notaries.length, isOfOthers),
  ];
  return result(status, lines, signing < threshold ? 1 : 0);
}

function statusTable(all: readonly NotaryStatus[], unnamed: string): readonly string[] {
  const rows = all.flatMap(({ organization, url, health }) => {
    if (health === undefined) return [[organization, 'no', url || unnamed, '', '', '']];
    if (!health.signing.well) return [[organization, `no: ${health.signing.lastError ?? ''}`, url, '', '', '']];
    const chains = health.chains.map(({ name, sequence }) => `${name} ${sequence.toString()}`).join(', ');
    const first = [organization, 'yes', chains];
    const lanes = health.lanes.map(({ laneId, inFlight, lastError }) => [laneId, inFlight.toString(), lastError]);
    return (lanes.length === 0 ? [['', '', '']] : lanes).map((lane, index) => [
      ...(index === 0 ? first : ['', '', '']),
      ...lane,
    ]);
  });
  return formatTable(
    [
      ...['notary', 'can sign', 'configurations read', 'relays lane'].map((heading) => ({ heading })),
      { heading: 'in flight', right: true },
      { heading: 'last error' },
    ],
    rows,
  );
}

/**
 * The notaries that sign by the proof alone, because their organizations have no peer on that chain to compare with.
 */
function proofOnlyLines(all: readonly NotaryStatus[]): readonly string[] {
  return all.flatMap(({ organization, health }) => {
    const channels = health?.proofOnly ?? [];
    if (channels.length === 0) return [];
    return [`${organization} has no peer on ${channels.join(', ')}: what these say it signs by the proof alone.`];
  });
}

function summary(signing: number, threshold: number, all: number, isOfOthers: boolean): string {
  const counts = `${signing.toString()} of ${all.toString()} notaries can sign, ${threshold.toString()} must`;
  if (signing >= threshold) return `${counts}.`;
  const others = 'Name where each listens with --notary; its organization starts it (`gridpeg notary run`).';
  if (isOfOthers) return `${counts}: transfers wait. ${others}`;
  return (
    `${counts}: transfers wait. Start those that do not answer with \`gridpeg up\`; ` +
    '`gridpeg explain` knows the codes.'
  );
}
