// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { commandLine } from './context/command-line';
import { addAttachCommand } from './commands/network/attach';
import { addAuditCommand } from './commands/audit';
import { addDevCommand } from './commands/network/dev';
import { addUpgradeCommand } from './commands/network/upgrade';
import { addCertificateCommands } from './commands/network/certificates';
import { addCompletionCommand } from './commands/completion';
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
import { addTestNetworkCommands } from './commands/network/test-network';
import { addTransactionCommand } from './commands/value/transaction';
import { addTransferCommands } from './commands/value/transfer';
import { addNoteCommands } from './commands/value/note';
import { addSendCommand } from './commands/value/send';
import { addWalletCommands } from './commands/wallet';
import { addRenamedCommands } from './renamed-commands';

/** Adds one command, or several that belong together. */
type Part = (program: Command) => void;

/** The groups of the help, and the commands of each in the order in which they are listed. */
const groups: Readonly<Record<string, readonly Part[]>> = {
  'A day of charging:': [addDayCommand],
  'Value:': [addSendCommand, addTransferCommands, addNoteCommands, addLaneCommands, addTransactionCommand],
  'Evidence and trust:': [addAuditCommand, addProofCommands, addGovernanceCommands, addEvidenceCommands],
  'Network:': [
    addNetworkCommands,
    addAttachCommand,
    addTestNetworkCommands,
    addNotaryCommand,
    addCertificateCommands,
    addSnapshotCommands,
  ],
  'Chaincode:': [addUpgradeCommand, addDevCommand, addEnvironmentCommand],
  'Identities:': [addWalletCommands, addProfileCommand],
  'Help:': [addDoctorCommand, addExplainCommand, addCompletionCommand],
};

/** The whole `gridpeg` command. */
export function gridpegCommand(): Command {
  const program = commandLine();
  for (const [heading, parts] of Object.entries(groups)) {
    program.commandsGroup(heading);
    for (const add of parts) add(program);
  }
  program.helpCommand('help [command]', 'display help for command');
  addRenamedCommands(program);
  return program;
}
