// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { commandLine } from './command-line';
import { addAttachCommand } from './attach-command';
import { addAuditCommand } from './audit-command';
import { addDevCommand } from './dev-command';
import { addUpgradeCommand } from './upgrade-command';
import { addCertificateCommands } from './certificate-commands';
import { addDayCommand } from './day-command';
import { addDoctorCommand } from './doctor-command';
import { addEnvironmentCommand } from './environment-command';
import { addEvidenceCommands } from './evidence-commands';
import { addExplainCommand } from './explain-command';
import { addGovernanceCommands } from './governance-commands';
import { addLedgerCommands } from './ledger-commands';
import { addNetworkCommands } from './network-commands';
import { addNotaryCommand } from './notary-command';
import { addProfileCommand } from './profile-command';
import { addProofCommands } from './proof-commands';
import { addSnapshotCommands } from './snapshot-commands';
import { addTransactionCommand } from './transaction-command';
import { addTransferCommands } from './transfer-commands';
import { addValueCommands } from './value-commands';
import { addWalletCommands } from './wallet-command';

/** Adds one command, or several that belong together; the help lists them in this order. */
const parts: ReadonlyArray<(program: Command) => void> = [
  addDayCommand,
  addNetworkCommands,
  addAttachCommand,
  addUpgradeCommand,
  addDevCommand,
  addSnapshotCommands,
  addCertificateCommands,
  addDoctorCommand,
  addExplainCommand,
  addValueCommands,
  addLedgerCommands,
  addTransferCommands,
  addTransactionCommand,
  addProofCommands,
  addGovernanceCommands,
  addEvidenceCommands,
  addAuditCommand,
  addNotaryCommand,
  addEnvironmentCommand,
  addWalletCommands,
  addProfileCommand,
];

/** The whole `gridpeg` command. */
export function gridpegCommand(): Command {
  const program = commandLine();
  for (const add of parts) add(program);
  return program;
}
