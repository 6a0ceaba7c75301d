// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { followAudit } from '../../audit';
import { auditedChains, auditNetwork, laneTable, verdictLines } from '../output/audit-report';
import { toJson, type CommandContext } from '../context/command-context';
import { contextOf, examples } from '../context/command-line';
import { PeggedNetwork } from '../../consortium/consortium';

/** `audit`: all ledgers against each other. */
export function addAuditCommand(program: Command): void {
  program
    .command('audit')
    .description('check all ledgers against each other, from their blocks alone; exit status 1 if something is wrong')
    .option('--follow', 'audit again with every block until interrupted; ends at the first finding')
    .addHelpText(
      'after',
      examples(
        ['gridpeg audit --json', 'every lane, every finding, for programs'],
        ['gridpeg audit --follow', 'a line whenever a chain has grown'],
      ),
    )
    .action(async (options: { follow?: boolean }, command: Command) => {
      const context = contextOf(command);
      const { stateDir, json, print } = context;
      if (options.follow === true) {
        await PeggedNetwork.with(stateDir, (network) => follow(network, context));
        return;
      }
      const report = await PeggedNetwork.with(stateDir, auditNetwork);
      if (report.verdict === 'broken') process.exitCode = 1;
      if (json) print(toJson(report));
      else for (const line of [...laneTable(report), '', ...verdictLines(report)]) print(line);
    });
}

/** One line, or one JSON document on a line, for each audit. */
async function follow(network: PeggedNetwork, { json, print }: CommandContext): Promise<void> {
  const interrupted = new AbortController();
  process.once('SIGINT', () => {
    interrupted.abort();
  });
  for await (const report of followAudit(auditedChains(network), interrupted.signal)) {
    const holds = report.verdict !== 'broken';
    if (json) print(JSON.stringify(JSON.parse(toJson(report))));
    else if (holds)
      print(
        `${report.chains.map(({ chain, height }) => `${chain} ${height.toString()}`).join(', ')}: ${report.verdict}`,
      );
    else for (const line of verdictLines(report)) print(line);
    if (holds) continue;
    process.exitCode = 1;
    return;
  }
}
