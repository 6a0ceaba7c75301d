// SPDX-License-Identifier: Apache-2.0

import { CommanderError } from 'commander';
import { addAuditCommand } from './audit-command';
import { toJson } from './command-context';
import { commandLine } from './command-line';
import { addDayCommand } from './day-command';
import { describeFailure } from './describe-failure';
import { addEnvironmentCommand } from './environment-command';
import { addExplainCommand } from './explain-command';
import { addGovernanceCommands } from './governance-commands';
import { addLedgerCommands } from './ledger-commands';
import { addNetworkCommands } from './network-commands';
import { addNotaryCommand } from './notary-command';
import { addProofCommands } from './proof-commands';
import { addTransferCommands } from './transfer-commands';
import { addValueCommands } from './value-commands';
import { addWalletCommands } from './wallet-command';

async function main(): Promise<void> {
  const program = commandLine();
  for (const add of [addDayCommand, addNetworkCommands, addValueCommands, addLedgerCommands]) add(program);
  for (const add of [addTransferCommands, addProofCommands, addGovernanceCommands]) add(program);
  for (const add of [addAuditCommand, addNotaryCommand, addEnvironmentCommand, addWalletCommands, addExplainCommand])
    add(program);
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else report(error);
  }
  // Connections to nodes that hang would keep the process for minutes.
  process.exit();
}

function report(error: unknown): void {
  const { code, message, detail, exitStatus } = describeFailure(error);
  process.exitCode = exitStatus;
  if (process.argv.includes('--json')) {
    process.stdout.write(`${toJson({ code, message })}\n`);
    return;
  }
  process.stderr.write(`${code}: ${message}\n`);
  if (detail !== undefined) process.stderr.write(`${detail}\n`);
  if (process.env['GRIDPEG_TRACE'] !== undefined && error instanceof Error)
    process.stderr.write(`${error.stack ?? ''}\n`);
}

// A reader that has gone away, such as `head`, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

void main();
