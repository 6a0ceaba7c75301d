// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { commandLine } from './context/command-line';
import { addAttachCommand } from './commands/network/attach';
import { addAuditCommand } from './commands/audit';
import { addDevCommand } from './commands/network/dev';
import { addUpgradeCommand } from './commands/network/upgrade';
import { addCertificateCommands } from './commands/network/certificates';
import { addDayCommand } from './commands/day';
import { addDoctorCommand } from './commands/doctor';
import { addEnvironmentCommand } from './commands/network/environment';
import { addEvidenceCommands } from './commands/committee/evidence';
import { addExplainCommand } from './commands/explain';
import { addGovernanceCommands } from './commands/committee/governance';
import { addLaneCommands } from './commands/value/lane';
import { addNetworkCommands } from './commands/network/network';
import { addNotaryCommand } from './commands/committee/notary';
import { addProfileCommand } from './commands/profile';
import { addProofCommands } from './commands/value/proof';
import { addSnapshotCommands } from './commands/network/snapshot';
import { addTransactionCommand } from './commands/value/transaction';
import { addTransferCommands } from './commands/value/transfer';
import { addNoteCommands } from './commands/value/note';
import { addSendCommand } from './commands/value/send';
import { addWalletCommands } from './commands/wallet';

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
  addSendCommand,
  addTransferCommands,
  addNoteCommands,
  addLaneCommands,
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
