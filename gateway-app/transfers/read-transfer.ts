// SPDX-License-Identifier: Apache-2.0

import {
  channelOf,
  packetHashOf,
  txIdCodec,
  type Packet,
  type PacketId,
  type ReceiptEntry,
  type TransferResponse,
} from '@gridpeg/protocol';
import { explanations, isPegErrorCode, PegError, type PegClient } from '../client';
import { CommandError } from '../errors/command-error';
import { type ChainState, type PeggedNetwork } from '../consortium/consortium';

/** Something that happened to a packet, or is still to happen. */
interface TransferStep {
  readonly step:
    'locked' | 'burnt' | 'received' | 'refused' | 'delivered' | 'refunded' | 'not received' | 'not settled' | 'unknown';
  readonly chain: string;
  readonly txId: string;
  /** Undefined when it has not happened, or the block was not found in time. */
  readonly blockNumber: bigint | undefined;
  /** A refusal code or nothing. */
  readonly code: string;
  /** What it means, or who must act. */
  readonly note: string;
}

/** Both ends of one transfer. */
export interface TransferReport {
  readonly packet: Packet;
  readonly state: TransferResponse['state'];
  readonly steps: readonly TransferStep[];
  readonly outcome: ReceiptEntry['outcome'] | undefined;
  readonly ends: {
    readonly source: { readonly chain: ChainState };
    /** `problem`: code and message, if it does not answer */
    readonly destination: {
      readonly name: string;
      /** Undefined when it is none of the chains that are known here. */
      readonly chain: ChainState | undefined;
      readonly problem: string | undefined;
    };
  };
}

/** @throws CommandError PACKET_UNKNOWN */
export async function readTransfer(network: PeggedNetwork, packetId: PacketId): Promise<TransferReport> {
  const { chain, transfer } = await findTransfer(network, packetId);
  const { packet, state } = transfer;
  const name = network.findChain(packet.destinationChainId)?.name ?? channelOf(packet.destinationChainId);
  const destination = network.findChain(packet.destinationChainId);
  const away = destination && network.client(destination, network.reader(destination));
  const { receipt, problem } = away === undefined ? notKnown(name) : await receiptOf(away, packetId);
  if (receipt !== undefined && receipt.packetHash !== packetHashOf(packet)) {
    throw new Error(`chain ${name} has a receipt for another packet under ${packetId}`);
  }
  const home = network.client(chain, network.reader(chain));
  const [homeBlocks, awayBlocks] = await Promise.all([
    blocksOf(home, [packet.txId, transfer.settledTxId]),
    away === undefined || receipt === undefined ? new Map<string, bigint>() : blocksOf(away, [receipt.txId]),
  ]);
  const blocks = new Map([...homeBlocks, ...awayBlocks]);
  const steps = [
    sentStep(network, packet, chain.name),
    receiptStep(packet, receipt, problem, name),
    settledStep(transfer, chain.name),
  ];
  const ends = { source: { chain }, destination: { name, chain: destination, problem } };
  const outcome = receipt?.outcome;
  return {
    ...{ ends, outcome },
    packet,
    state,
    steps: steps.map((step) => ({ ...step, blockNumber: blocks.get(step.txId) })),
  };
}

/** A transfer and the chain that it left. @throws CommandError PACKET_UNKNOWN */
export async function findTransfer(
  network: PeggedNetwork,
  packetId: PacketId,
): Promise<{ readonly chain: ChainState; readonly transfer: TransferResponse }> {
  let silent: PegError | undefined;
  for (const chain of network.state.chains) {
    try {
      return { chain, transfer: await network.client(chain, network.reader(chain)).getTransfer(packetId) };
    } catch (error) {
      if (!(error instanceof PegError)) throw error;
      // One that does not answer may be the one, but another one may know the packet.
      if (error.code !== 'PACKET_UNKNOWN') silent = error;
    }
  }
  if (silent !== undefined) throw silent;
  const chains = network.state.chains.map(({ name }) => name).join(', ');
  const arrived = await arrivalOf(network, packetId);
  throw arrived === undefined
    ? new CommandError(
        'PACKET_UNKNOWN',
        `no packet ${packetId} left ${chains}`,
        'Check the id, or ask where its source is known.',
      )
    : new CommandError(
        'PACKET_UNKNOWN',
        `packet ${packetId} left a chain that is not known here; ${arrived}`,
        'Ask where its source is known.',
      );
}

/** What can be said of the end on a chain that is not known here. */
function notKnown(name: string): { readonly receipt?: ReceiptEntry; readonly problem: string } {
  return { problem: `${name} is not known here: whether it has answered cannot be seen` };
}

/** What a chain that is known here has answered to a packet from elsewhere. */
async function arrivalOf(network: PeggedNetwork, packetId: PacketId): Promise<string | undefined> {
  for (const chain of network.state.chains) {
    const { receipt } = await receiptOf(network.client(chain, network.reader(chain)), packetId);
    if (receipt !== undefined) return `${chain.name} has ${receipt.outcome} it in transaction ${receipt.txId}`;
  }
  return undefined;
}

type Step = Omit<TransferStep, 'blockNumber'>;

function sentStep(network: PeggedNetwork, { laneId, label, txId }: Packet, chain: string): Step {
  const burnt = label.path.at(-1) === network.returnLane(network.lane(laneId)).id;
  return { step: burnt ? 'burnt' : 'locked', chain, txId, code: '', note: '' };
}

/** The destination's answer if there is one; a destination that is down is no reason to show nothing. */
async function receiptOf(
  away: PegClient,
  packetId: PacketId,
): Promise<{ readonly receipt?: ReceiptEntry | undefined; readonly problem?: string }> {
  try {
    return { receipt: (await away.getReceipts([packetId]))[0] };
  } catch (error) {
    if (!(error instanceof PegError)) throw error;
    return { problem: error.message };
  }
}

function receiptStep(
  packet: Packet,
  receipt: ReceiptEntry | undefined,
  problem: string | undefined,
  chain: string,
): Step {
  if (problem !== undefined) return { step: 'unknown', chain, txId: '', code: '', note: problem };
  if (receipt !== undefined) {
    const { outcome, txId, code } = receipt;
    return { step: outcome, chain, txId, code, note: isPegErrorCode(code) ? explanations[code].summary : '' };
  }
  const late = packet.deadlineMs !== 0n && BigInt(Date.now()) >= packet.deadlineMs;
  const expected = late ? 'The deadline is over: it will be refused and then refunded. ' : '';
  return { step: 'not received', chain, txId: '', code: '', note: expected + waitsForRelays(packet.id) };
}

function settledStep({ packet, state, settledTxId, code }: TransferResponse, chain: string): Step {
  if (state === 'in-flight') return { step: 'not settled', chain, txId: '', code: '', note: waitsForRelays(packet.id) };
  const note = state === 'refunded' ? 'the value is back with its sender' : '';
  return { step: state, chain, txId: settledTxId, code, note };
}

const waitsForRelays = (packetId: PacketId): string =>
  `it waits for the notaries to certify and relay it; \`gridpeg transfer why ${packetId}\` says who must act.`;

/** Blocks of the transactions that there are; one that a lagging peer has not got yet is left out. */
async function blocksOf(client: PegClient, txIds: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
  const found = await Promise.all(
    txIds
      .filter((txId) => txId !== '')
      .map(async (txId): Promise<readonly (readonly [string, bigint])[]> => {
        try {
          return [[txId, await client.connection.blockNumberOf(txIdCodec.decode(txId, 'txId'))]];
        } catch (error) {
          if (!(error instanceof PegError)) throw error;
          return [];
        }
      }),
  );
  return new Map(found.flat());
}
