// SPDX-License-Identifier: Apache-2.0

import { packetIdShape, type LaneId, type PacketId } from '@gridpeg/protocol';
import { type Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { toJson, type CommandContext } from '../../context/command-context';
import { contextOf, examples } from '../../context/command-line';
import { describeLie, readFreezing, remedyFor } from '../../../governance/evidence-report';
import { GovernedChain } from '../../../governance/governed-chain';
import {
  judgeTransfer,
  type LaneFacts,
  type NotaryFacts,
  type WindowFacts,
} from '../../../transfers/diagnose-transfer';
import { readAddresses } from '../../../committee/notary-addresses';
import { askHealth, urlOf } from '../../../committee/notary-services';
import { parseByShape } from '../../../input/parse-option';
import { PeggedNetwork, type ChainState } from '../../../consortium/consortium';
import { readTransfer, type TransferReport } from '../../../transfers/read-transfer';
import { printTransfer } from '../../output/transfer-report';

const watchMs = 500;

/** `transfer show` and `why`: one transfer, and what it waits for. */
export function addTransferCommands(program: Command): void {
  program
    .command('transfer')
    .description('transfers between chains')
    .command('show <packet-id>')
    .description('both ends of one transfer: locked or burnt, received or refused, delivered or refunded')
    .option('--watch', 'show it again whenever something has happened, until it is settled or you interrupt')
    .addHelpText('after', examples(['gridpeg transfer show <packet id> --watch', 'follow one transfer to its end']))
    .action(async (id: string, options: { watch?: boolean }, command: Command) => {
      const context = contextOf(command);
      const packetId = parseByShape(packetIdShape, id, 'packet id');
      await PeggedNetwork.with(context.stateDir, async (network) => {
        if (options.watch === true) await watch(network, packetId, context);
        else printTransfer(await readTransfer(network, packetId), context);
      });
    });

  program
    .command('why <packet-id>')
    .description('what a transfer waits for, who must act, and what to do')
    .addHelpText('after', examples(['gridpeg why <packet id>', 'for a transfer that does not arrive']))
    .action(async (id: string, _options: unknown, command: Command) => {
      const context = contextOf(command);
      const packetId = parseByShape(packetIdShape, id, 'packet id');
      await PeggedNetwork.with(context.stateDir, (network) => why(network, packetId, context));
    });
}

async function watch(network: PeggedNetwork, packetId: PacketId, context: CommandContext): Promise<void> {
  let shown = '';
  for (;;) {
    const report = await readTransfer(network, packetId);
    const { packet, state, steps } = report;
    const text = toJson({ packet, state, steps });
    // As one document a line: a reader can tell where one ends.
    if (text !== shown && context.json) context.print(JSON.stringify(JSON.parse(text)));
    else if (text !== shown) printTransfer(report, context);
    shown = text;
    if (state !== 'in-flight') return;
    await sleep(watchMs);
  }
}

async function why(network: PeggedNetwork, packetId: PacketId, context: CommandContext): Promise<void> {
  const report = await readTransfer(network, packetId);
  const { packet, state, outcome, ends } = report;
  const { committee } = network.state.peg;
  const late = packet.deadlineMs !== 0n && BigInt(Date.now()) >= packet.deadlineMs;
  const judged = judgeTransfer({
    ...{ state, outcome, late, threshold: committee.threshold },
    source: {
      ...{ name: ends.source.chain.name, members: ends.source.chain.members, isKnown: true, problem: undefined },
      lane: await laneFacts(network, ends.source.chain, packet.laneId),
    },
    destination: {
      ...{ name: ends.destination.name, members: ends.destination.chain?.members ?? [] },
      ...{ isKnown: ends.destination.chain !== undefined, problem: ends.destination.problem },
      lane:
        ends.destination.chain !== undefined && ends.destination.problem === undefined
          ? await laneFacts(network, ends.destination.chain, packet.laneId)
          : { state: 'open' },
    },
    notaries: await notaryFacts(network, context.stateDir, report),
    packet,
    window: ends.destination.problem === undefined ? await windowOf(network, report) : undefined,
  });
  const { waitsFor, who, next } = judged;
  if (context.json) context.print(toJson({ packetId, state, ...judged }));
  else
    for (const line of [
      `waits for    ${waitsFor}`,
      `who must act ${who.length === 0 ? 'nobody' : who.join(', ')}`,
      `next         ${next}`,
    ])
      context.print(line);
}

/** The lane's window on the destination; undefined where no such lane is configured, or the chain is not known here. */
async function windowOf(network: PeggedNetwork, { packet, ends }: TransferReport): Promise<WindowFacts | undefined> {
  const { chain } = ends.destination;
  if (chain === undefined) return undefined;
  const { lanes } = await network.client(chain, network.reader(chain)).getConfiguration();
  const window = lanes.find(({ id }) => id === packet.laneId)?.window;
  if (window === undefined) return undefined;
  const { lengthMs, quantity, shards } = window;
  const nowMs = BigInt(Date.now());
  return { part: quantity / BigInt(shards), nextMs: nowMs - (nowMs % lengthMs) + lengthMs };
}

async function laneFacts(network: PeggedNetwork, chain: ChainState, laneId: LaneId): Promise<LaneFacts> {
  const governed = new GovernedChain(network, chain);
  const { lanes } = await governed.reader.governance.standings();
  const standing = lanes.find((candidate) => candidate.laneId === laneId);
  if (standing?.state !== 'frozen') return { state: standing?.state ?? 'open' };
  const recorded = await readFreezing(governed, standing);
  const { state } = standing;
  return {
    state,
    evidence: recorded && { lie: describeLie(recorded), time: recorded.time, remedy: remedyFor(recorded) },
  };
}

async function notaryFacts(
  network: PeggedNetwork,
  stateDir: string,
  { packet }: TransferReport,
): Promise<readonly NotaryFacts[]> {
  const addresses = readAddresses(stateDir);
  return Promise.all(
    network.state.peg.committee.notaries.map(async (organization) => {
      const health = await askHealth(network, organization, urlOf(addresses, organization));
      const lane = health?.lanes.find(({ laneId }) => laneId === packet.laneId);
      return { organization, answers: health !== undefined, lastError: lane?.lastError };
    }),
  );
}
