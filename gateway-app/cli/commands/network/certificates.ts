// SPDX-License-Identifier: Apache-2.0

import { listCertificates, readNetwork, renewCertificates, type CertificateList } from '@gridpeg/network';
import { type Command } from 'commander';
import { notaryTask } from '../../../setup/bring-peg-up';
import { type CommandContext } from '../../context/command-context';
import { examples, handled } from '../../context/command-line';
import { result, type CommandResult } from '../../context/command-result';
import { formatTable } from '../../output/format-table';
import { networkProgress } from '../../../setup/network-progress';
import { parseCount } from '../../../input/parse-option';
import { runTasks } from '../../output/run-tasks';

interface WindowOptions {
  readonly within: string;
}

/** `certificates` shows when certificates end, and renews them before. */
export function addCertificateCommands(program: Command): void {
  const certificates = program
    .command('certificates')
    .description('when certificates end; exit status 0 only if none is due for renewal')
    .option(
      '--within <days>',
      'those that end within so many days are due, once two thirds of their life are over',
      '30',
    )
    .addHelpText(
      'after',
      examples(
        ['gridpeg certificates', 'all certificates of the network, those that end first before others'],
        ['gridpeg certificates renew', 'renews what is due, and restarts the nodes that use it one at a time'],
        ['gridpeg up --topology my.yaml', 'a topology that says `ca: true` has certificates that can be renewed'],
      ),
    )
    .action(
      handled(({ stateDir }: CommandContext, options: WindowOptions) =>
        listResult(listCertificates({ stateDir, windowDays: windowOf(options) })),
      ),
    );

  certificates
    .command('renew')
    .description('renew what is due by the certificate authorities, with the same keys; `gridpeg up` does so too')
    .option('--all', 'renew all, however long they hold')
    .addHelpText(
      'after',
      examples(
        ['gridpeg certificates renew', 'what ends within 30 days'],
        ['gridpeg certificates --within 90 renew', 'what ends within 90 days'],
        ['gridpeg certificates renew --all', 'everything'],
      ),
    )
    .action(handled(runRenew));
}

async function runRenew(
  context: CommandContext,
  options: WindowOptions & { readonly all?: boolean },
): Promise<CommandResult> {
  const { stateDir } = context;
  readNetwork(stateDir);
  const windowDays = windowOf(options);
  let renewed: Awaited<ReturnType<typeof renewCertificates>> = { certificates: 0, restarted: [] };
  const renewal = {
    title: 'Certificates',
    run: async (report: (text: string) => void) => {
      const onProgress = networkProgress(context.interactive, report);
      renewed = await renewCertificates({ stateDir, windowDays, all: options.all, onProgress });
    },
  };
  await runTasks([renewal, notaryTask(stateDir)], context);
  const { certificates, restarted } = renewed;
  return result(renewed, [
    `${certificates.toString()} certificates renewed, ${restarted.length.toString()} nodes restarted.`,
  ]);
}

function windowOf({ within }: WindowOptions): number {
  return parseCount(within, '--within', 1, 36_500);
}

/** Exit status 0 only if none is due. */
function listResult({ renewable, certificates }: CertificateList): CommandResult {
  const table = formatTable(
    ['ends', 'state', 'of', 'for', 'organization'].map((heading) => ({ heading })),
    certificates.map(({ name, organization, purpose, state, notAfter }) => [
      ...[notAfter.toISOString().slice(0, 16).replace('T', ' '), state, name, purpose, organization],
    ]),
  );
  const due = certificates.filter(({ state }) => state !== 'valid').length;
  const remedy = renewable
    ? 'Renew with `gridpeg certificates renew`.'
    : 'They are of cryptogen, which renews none: see docs/fabric-ca.md.';
  const summary =
    due === 0 ? `None of ${certificates.length.toString()} is due.` : `${due.toString()} are due. ${remedy}`;
  return result({ renewable, certificates }, [...table, '', summary], due === 0 ? 0 : 1);
}
