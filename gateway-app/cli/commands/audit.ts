// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { followAudit } from '../../audit';
import { auditedChains, auditNetwork } from '../../consortium/audited-chains';
import { PeggedNetwork } from '../../consortium/consortium';
import { examples, handled } from '../context/command-line';
import { type CommandContext } from '../context/command-context';
import { reported, result, type CommandResult } from '../context/command-result';
import { abortOnSignals } from '../context/interrupt';
import { laneTable, verdictLines } from '../output/audit-report';

/** `audit` compares all ledgers with each other. */
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
    .action(handled(runAudit));
}

async function runAudit(context: CommandContext, options: { readonly follow?: true }): Promise<CommandResult> {
  const { stateDir } = context;
  if (options.follow === true) return PeggedNetwork.with(stateDir, (network) => follow(network, context));
  const report = await PeggedNetwork.with(stateDir, auditNetwork);
  return result(report, [...laneTable(report), '', ...verdictLines(report)], report.verdict === 'broken' ? 1 : 0);
}

/** One line, or one JSON document on a line, for each audit. */
async function follow(network: PeggedNetwork, context: CommandContext): Promise<CommandResult> {
  for await (const report of followAudit(auditedChains(network), abortOnSignals('SIGINT'))) {
    const { chains, verdict } = report;
    const heights = chains.map(({ chain, height }) => `${chain} ${height.toString()}`).join(', ');
    const isBroken = verdict === 'broken';
    context.report(report, isBroken ? verdictLines(report) : [`${heights}: ${verdict}`]);
    if (isBroken) return reported(1);
  }
  return reported();
}
