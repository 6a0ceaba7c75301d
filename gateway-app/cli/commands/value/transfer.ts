// SPDX-License-Identifier: Apache-2.0

import { laneIdCodec, packetIdCodec, type PacketId } from '@gridpeg/protocol';
import { type Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { PeggedNetwork } from '../../../consortium/consortium';
import { parseByCodec, parseCount } from '../../../input/parse-option';
import { explainTransfer } from '../../../transfers/explain-transfer';
import { listTransfers, type OpenTransfers } from '../../../transfers/list-transfers';
import { readTransfer } from '../../../transfers/read-transfer';
import { examples, handled } from '../../context/command-line';
import { type CommandContext } from '../../context/command-context';
import { reported, result, toJson, type CommandResult } from '../../context/command-result';
import { formatQuantity, formatTable } from '../../output/format-table';
import { deadlineText, transferDocument, transferLines } from '../../output/transfer-report';

const watchMs = 500;

/** `transfer list`, `show` and `why` show transfers between chains, and what they wait for. */
export function addTransferCommands(program: Command): void {
  const transfer = program
    .command('transfer')
    .description('transfers between chains')
    .addHelpText('after', examples(['gridpeg transfer show <packet id>', 'what became of one']));
  transfer
    .command('list')
    .description('transfers that are not settled yet, on all chains')
    .option('--lane <id>', 'over one lane (default: over all)')
    .option('--limit <count>', 'at most so many', '100')
    .addHelpText('after', examples(['gridpeg transfer list --lane city-charging', 'what is under way over one lane']))
    .action(handled(runList));
  transfer
    .command('show <packet-id>')
    .description('both ends of one transfer: locked or burnt, received or refused, delivered or refunded')
    .option('--watch', 'show it again whenever something has happened, until it is settled or you interrupt')
    .addHelpText('after', examples(['gridpeg transfer show <packet id> --watch', 'follow one transfer to its end']))
    .action(handled(runShow));
  transfer
    .command('why <packet-id>')
    .description('what a transfer waits for, who must act, and what to do')
    .addHelpText('after', examples(['gridpeg transfer why <packet id>', 'for a transfer that does not arrive']))
    .action(handled(runWhy));
}

async function runList(
  { stateDir }: CommandContext,
  options: { readonly lane?: string; readonly limit: string },
): Promise<CommandResult> {
  const lane = options.lane === undefined ? undefined : parseByCodec(laneIdCodec, options.lane, '--lane');
  const limit = parseCount(options.limit, '--limit', 1, 10_000);
  const open = await PeggedNetwork.with(stateDir, (network) => listTransfers(network, { lane, limit }));
  return result(open, listLines(open));
}

function listLines({ total, transfers }: OpenTransfers): readonly string[] {
  if (total === 0) return ['No transfer is under way.'];
  const more = total - transfers.length;
  return [
    ...formatTable(
      [
        { heading: 'lane' },
        { heading: 'quantity', right: true },
        ...['asset', 'answer', 'deadline', 'packet'].map((heading) => ({ heading })),
      ],
      transfers.map(({ packet, answer }) => [
        ...[packet.laneId, formatQuantity(packet.quantity), packet.asset, answer],
        ...[deadlineText(packet), packet.id],
      ]),
    ),
    ...(more === 0 ? [] : [`and ${more.toString()} more: raise --limit to see them`]),
  ];
}

async function runShow(
  context: CommandContext,
  options: { readonly watch?: true },
  id: string,
): Promise<CommandResult> {
  const packetId = parseByCodec(packetIdCodec, id, 'packet id');
  return PeggedNetwork.with(context.stateDir, async (network) => {
    if (options.watch === true) return watch(network, packetId, context);
    const report = await readTransfer(network, packetId);
    return result(transferDocument(report), transferLines(report));
  });
}

/** One document on each line, so that a reader knows where one ends. */
async function watch(network: PeggedNetwork, packetId: PacketId, context: CommandContext): Promise<CommandResult> {
  let shown = '';
  for (;;) {
    const report = await readTransfer(network, packetId);
    const document = transferDocument(report);
    const text = toJson(document);
    if (text !== shown) context.report(document, transferLines(report));
    shown = text;
    if (report.state !== 'in-flight') return reported();
    await sleep(watchMs);
  }
}

async function runWhy({ stateDir }: CommandContext, _options: object, id: string): Promise<CommandResult> {
  const packetId = parseByCodec(packetIdCodec, id, 'packet id');
  const why = await PeggedNetwork.with(stateDir, (network) => explainTransfer(network, stateDir, packetId));
  const { waitsFor, who, next } = why;
  return result({ packetId, ...why }, [
    `waits for    ${waitsFor}`,
    `who must act ${who.length === 0 ? 'nobody' : who.join(', ')}`,
    `next         ${next}`,
  ]);
}
