// SPDX-License-Identifier: Apache-2.0

import {
  certificateRequestShape,
  decode,
  federationCertificate,
  packetIdShape,
  type Certificate,
  type PacketId,
} from '@gridpeg/protocol';
import { type Command } from 'commander';
import {
  decodeProofFile,
  decodeTrustRecord,
  encodeProofFile,
  encodeTrustRecord,
  verifyProofFile,
  type ProvenPacket,
} from '../../../client';
import { toJson, type CommandContext } from '../../context/command-context';
import { CommandError } from '../../../errors/command-error';
import { contextOf, examples } from '../../context/command-line';
import { formatQuantity } from '../../output/format-table';
import { handOut } from '../../output/write-output';
import { parseByShape } from '../../../input/parse-option';
import { PeggedNetwork, shownPath } from '../../../consortium/consortium';
import { readText } from '../../../input/read-text';
import { findTransfer } from '../../../transfers/read-transfer';

const maximumRequestLength = 4 * 1_048_576;

/** `proof export`, `proof trust` and `proof verify`: evidence that needs nobody's word. */
export function addProofCommands(program: Command): void {
  const proof = program.command('proof').description('evidence of a transfer that anybody can verify offline');
  proof
    .command('export <packet-id>')
    .description('what peers and notaries signed for a packet, as a file')
    .option('-o, --output <file>', 'where to (default: standard output)')
    .addHelpText('after', examples(['gridpeg proof export <packet id> -o proof.json', 'then give it to anybody']))
    .action(async (id: string, options: { output?: string }, command: Command) => {
      const context = contextOf(command);
      const packetId = parseByShape(packetIdShape, id, 'packet id');
      const text = await PeggedNetwork.with(context.stateDir, async (network) =>
        encodeProofFile({ version: 1, packetId, certificate: await evidenceOf(network, packetId) }),
      );
      const told = (file: string): string =>
        `proof of packet ${packetId}. Next: gridpeg proof verify ${file} --trust <file>`;
      handOut(context, text, options.output, { facts: { packetId }, told });
    });
  proof
    .command('trust <chain>')
    .description('what a ledger knows of a chain: whose signatures count, and how many')
    .requiredOption('--on <chain>', 'whose ledger')
    .option('-o, --output <file>', 'where to (default: standard output)')
    .addHelpText('after', examples(['gridpeg proof trust city --on charging -o trust.json', 'for `proof verify`']))
    .action(async (of: string, options: { on: string; output?: string }, command: Command) => {
      const context = contextOf(command);
      const text = await PeggedNetwork.with(context.stateDir, async (network) => {
        const [chain, ledger] = [network.chain(of), network.chain(options.on)];
        const { chains } = await network.client(ledger, network.reader(ledger)).getConfiguration();
        const trust = chains.find(({ chainId }) => chainId === chain.chainId);
        if (trust !== undefined) return encodeTrustRecord(trust);
        throw new CommandError(
          'CHAIN_UNKNOWN',
          `${options.on} knows nothing of ${of}. Name a chain with a lane to it.`,
        );
      });
      const told = (file: string): string =>
        `what ${options.on} knows of ${of}. Next: gridpeg proof verify <proof> --trust ${file}`;
      handOut(context, text, options.output, { facts: { of, on: options.on }, told });
    });
  proof
    .command('verify <file>')
    .description('check a proof against a trust record; no network, nobody is asked; exit status 0 only if it holds')
    .requiredOption('--trust <file>', 'the trust record of the chain that the packet left')
    .addHelpText('after', examples(['gridpeg proof verify proof.json --trust trust.json', 'on any machine']))
    .action((file: string, options: { trust: string }, command: Command) => {
      const proven = verifyProofFile(decodeProofFile(readText(file)), decodeTrustRecord(readText(options.trust)));
      report(proven, contextOf(command));
    });
}

/** The certificate that the destination took the packet by, or a fresh proof while it has taken none. */
async function evidenceOf(network: PeggedNetwork, packetId: PacketId): Promise<Certificate> {
  const { chain, transfer } = await findTransfer(network, packetId);
  const { packet } = transfer;
  const destination = network.findChain(packet.destinationChainId);
  if (destination === undefined) {
    const remedy = 'Ask a member of it for the proof.';
    throw new CommandError('CHAIN_UNKNOWN', `${packet.destinationChainId} is not known here. ${remedy}`);
  }
  const away = network.client(destination, network.reader(destination));
  const [receipt] = await away.getReceipts([packetId]);
  if (receipt !== undefined) {
    const { args } = await away.connection.transaction(receipt.txId);
    return decode(certificateRequestShape, args[1] ?? '', maximumRequestLength).certificate;
  }
  const { chains } = await away.getConfiguration();
  const trust = chains.find(({ chainId }) => chainId === packet.sourceChainId);
  const organizations = (trust?.organizations ?? []).map(({ mspId }) => mspId).slice(0, trust?.minimumOrganizations);
  const request = { laneId: packet.laneId, txIds: [packet.txId] };
  const source = network.client(chain, network.reader(chain));
  const proof = await source.proveExport('packets', request, organizations);
  return federationCertificate(proof, trust?.committee.epoch ?? 0, []);
}

function report({ entry, batch, endorsers, notaries }: ProvenPacket, { json, print }: CommandContext): void {
  if (json) {
    const { kind, laneId, sourceChainId, destinationChainId } = batch;
    print(toJson({ kind, laneId, sourceChainId, destinationChainId, entry, endorsers, notaries }));
    return;
  }
  const packet = 'quantity' in entry ? entry : undefined;
  const lines = [
    `proof holds: ${batch.sourceChainId} has committed this ${packet === undefined ? 'receipt' : 'packet'}`,
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
  ];
  for (const line of lines) print(line);
}
