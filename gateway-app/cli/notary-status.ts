// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { type NotaryHealth } from '../notary';
import { toJson } from './command-context';
import { contextOf, examples } from './command-line';
import { formatTable } from './format-table';
import { readAddresses } from './notary-addresses';
import { askHealth, urlOf } from './notary-services';
import { PeggedNetwork } from './pegged-network';

/** What one notary of the committee says of itself, if it answers. */
interface NotaryStatus {
  readonly organization: string;
  readonly url: string;
  readonly health: NotaryHealth | undefined;
}

/** `notary status`: what each notary says of itself. */
export function addNotaryStatus(notary: Command): void {
  notary
    .command('status')
    .description('what each notary says of itself; exit status 0 only if enough of them can sign')
    .addHelpText(
      'after',
      examples(['gridpeg notary status', 'lanes, what is in flight on them, and what troubles them']),
    )
    .action(async (_options: unknown, command: Command) => {
      const { stateDir, json, print } = contextOf(command);
      await PeggedNetwork.with(stateDir, async (network) => {
        const { notaries, threshold } = network.state.peg.committee;
        const addresses = readAddresses(stateDir);
        const all = await Promise.all(
          notaries.map(async (organization): Promise<NotaryStatus> => {
            const url = urlOf(addresses, organization);
            return { organization, url, health: await askHealth(network, organization, url) };
          }),
        );
        const answering = all.filter(({ health }) => health !== undefined).length;
        const signing = all.filter(({ health }) => health?.signing.well === true).length;
        if (signing < threshold) process.exitCode = 1;
        if (json) print(toJson({ threshold, answering, signing, notaries: all }));
        else
          for (const line of [...statusTable(all), '', ...proofOnlyLines(all), summary(signing, threshold, all.length)])
            print(line);
      });
    });
}

function statusTable(all: readonly NotaryStatus[]): readonly string[] {
  const rows = all.flatMap(({ organization, url, health }) => {
    if (health === undefined) return [[organization, 'no', url || 'never started', '', '', '']];
    if (!health.signing.well) return [[organization, `no: ${health.signing.lastError ?? ''}`, url, '', '', '']];
    const chains = health.chains.map(({ name, sequence }) => `${name} ${sequence.toString()}`).join(', ');
    const first = [organization, 'yes', chains];
    const lanes = health.lanes.map(({ laneId, inFlight, trouble }) => [laneId, inFlight.toString(), trouble]);
    return (lanes.length === 0 ? [['', '', '']] : lanes).map((lane, index) => [
      ...(index === 0 ? first : ['', '', '']),
      ...lane,
    ]);
  });
  return formatTable(
    [
      ...['notary', 'can sign', 'configurations read', 'relays lane'].map((heading) => ({ heading })),
      { heading: 'in flight', right: true },
      { heading: 'trouble' },
    ],
    rows,
  );
}

/** Who signs on the word of others' peers: its own organization has none on that chain to compare with. */
function proofOnlyLines(all: readonly NotaryStatus[]): readonly string[] {
  return all.flatMap(({ organization, health }) => {
    const channels = health?.proofOnly ?? [];
    if (channels.length === 0) return [];
    return [`${organization} has no peer on ${channels.join(', ')}: what these say it signs by the proof alone.`];
  });
}

function summary(signing: number, threshold: number, all: number): string {
  const counts = `${signing.toString()} of ${all.toString()} notaries can sign, ${threshold.toString()} must`;
  if (signing >= threshold) return `${counts}.`;
  return `${counts}: transfers wait. Start those that do not answer with \`gridpeg up\`; \`gridpeg explain\` knows the codes.`;
}
