// SPDX-License-Identifier: Apache-2.0

import { packetIdCodec } from '@gridpeg/protocol';
import { type Command } from 'commander';
import {
  decodeProofFile,
  decodeTrustRecord,
  encodeProofFile,
  encodeTrustRecord,
  verifyProofFile,
  type ProvenPacket,
} from '../../../client';
import { PeggedNetwork, shownPath } from '../../../consortium/consortium';
import { parseByCodec } from '../../../input/parse-option';
import { readDocument } from '../../../input/read-document';
import { proveTransfer, readTrustRecord } from '../../../transfers/prove-transfer';
import { examples, handled } from '../../context/command-line';
import { type CommandContext } from '../../context/command-context';
import { result, type CommandResult } from '../../context/command-result';
import { formatQuantity } from '../../output/format-table';
import { writeOutput } from '../../output/write-output';

interface Output {
  readonly output?: string;
}

/** `proof export`, `proof trust` and `proof verify` make and check proofs without trust in a third party. */
export function addProofCommands(program: Command): void {
  const proof = program
    .command('proof')
    .description('evidence of a transfer that anybody can verify offline')
    .addHelpText('after', examples(['gridpeg proof export <packet id> -o proof.json', 'then give it to anybody']));
  proof
    .command('export <packet-id>')
    .description('what peers and notaries signed for a packet, as a file')
    .option('-o, --output <file>', 'where to (default: standard output)')
    .addHelpText('after', examples(['gridpeg proof export <packet id> -o proof.json', 'then give it to anybody']))
    .action(handled(runExport));
  proof
    .command('trust <chain>')
    .description('what a ledger knows of a chain: whose signatures count, and how many')
    .requiredOption('--on <chain>', 'whose ledger')
    .option('-o, --output <file>', 'where to (default: standard output)')
    .addHelpText('after', examples(['gridpeg proof trust city --on charging -o trust.json', 'for `proof verify`']))
    .action(handled(runTrust));
  proof
    .command('verify <file>')
    .description('check a proof against a trust record; no network, nobody is asked; exit status 0 only if it holds')
    .requiredOption('--trust <file>', 'the trust record of the chain that the packet left')
    .addHelpText('after', examples(['gridpeg proof verify proof.json --trust trust.json', 'on any machine']))
    .action(
      handled((_context: CommandContext, options: { readonly trust: string }, file: string) =>
        provenResult(
          verifyProofFile(decodeProofFile(readDocument(file)), decodeTrustRecord(readDocument(options.trust))),
        ),
      ),
    );
}

async function runExport({ stateDir }: CommandContext, { output }: Output, id: string): Promise<CommandResult> {
  const packetId = parseByCodec(packetIdCodec, id, 'packet id');
  const certificate = await PeggedNetwork.with(stateDir, (network) => proveTransfer(network, packetId));
  return writeOutput(encodeProofFile({ version: 1, packetId, certificate }), output, {
    facts: { packetId },
    message: (file) => `proof of packet ${packetId}. Next: gridpeg proof verify ${file} --trust <file>`,
  });
}

async function runTrust(
  { stateDir }: CommandContext,
  { on, output }: Output & { readonly on: string },
  of: string,
): Promise<CommandResult> {
  const trust = await PeggedNetwork.with(stateDir, (network) => readTrustRecord(network, of, on));
  return writeOutput(encodeTrustRecord(trust), output, {
    facts: { of, on },
    message: (file) => `what ${on} knows of ${of}. Next: gridpeg proof verify <proof> --trust ${file}`,
  });
}

function provenResult({ entry, batch, endorsers, notaries }: ProvenPacket): CommandResult {
  const { kind, laneId, sourceChainId, destinationChainId } = batch;
  const packet = 'quantity' in entry ? entry : undefined;
  return result({ kind, laneId, sourceChainId, destinationChainId, entry, endorsers, notaries }, [
    `proof holds: ${sourceChainId} has committed this ${packet === undefined ? 'receipt' : 'packet'}`,
    ...(packet === undefined
      ? []
      : [
          `packet     ${packet.id}`,
          `quantity   ${formatQuantity(packet.quantity)} of ${packet.asset}, ${shownPath(packet.label)}`,
          `from       ${packet.sender}`,
          `to         ${packet.recipient} on ${packet.destinationChainId}`,
        ]),
    `endorsed   by peers of ${endorsers.join(', ')}`,
    notaries.length === 0 ? 'certified  not yet' : `certified  by notaries of ${notaries.join(', ')}`,
  ]);
}
