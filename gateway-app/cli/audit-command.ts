// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { auditNetwork, laneTable, verdictLines } from './audit-report';
import { toJson } from './command-context';
import { contextOf, examples } from './command-line';
import { PeggedNetwork } from './pegged-network';

/** `audit`: all ledgers against each other. */
export function addAuditCommand(program: Command): void {
  program
    .command('audit')
    .description(
      'check all ledgers against each other, from their blocks alone; exit status 0 only if everything holds',
    )
    .option('--json', 'print one JSON document')
    .addHelpText('after', examples(['gridpeg audit --json', 'every lane, every finding, for programs']))
    .action(async (_options: unknown, command: Command) => {
      const { stateDir, json, print } = contextOf(command);
      const report = await PeggedNetwork.with(stateDir, auditNetwork);
      if (report.verdict !== 'holds') process.exitCode = 1;
      if (json) print(toJson(report));
      else for (const line of [...laneTable(report), '', ...verdictLines(report)]) print(line);
    });
}
