// SPDX-License-Identifier: Apache-2.0

import { type Packet } from '@gridpeg/protocol';
import { type Command } from 'commander';
import { networkTimeMs } from '../../../consortium/clock-skew';
import { PeggedNetwork } from '../../../consortium/consortium';
import { parseDeadline, parseDuration } from '../../../input/parse-option';
import { readTransfer } from '../../../transfers/read-transfer';
import { send, type Sent } from '../../../transfers/send-notes';
import { waitForTransfer, type Waited } from '../../../transfers/wait-for-transfer';
import { examples, handled } from '../../context/command-line';
import { type CommandContext } from '../../context/command-context';
import { result, type CommandResult } from '../../context/command-result';
import { recipientIn, type RecipientOptions } from '../../input/confirm-recipient';
import { spendingIn, withNotes, withRecipient, withValue, type SpendOptions } from './value-options';

interface SendOptions extends SpendOptions, RecipientOptions {
  readonly lane: string;
  readonly deadline: string;
  readonly wait?: true;
  readonly timeout: string;
}

/** `send` sends value over a lane to another chain. */
export function addSendCommand(program: Command): void {
  const declared = program.command('send').description('send value over a lane to another chain');
  withNotes(withRecipient(withValue(declared), 'whom to, on the other chain'), 'spend', 'picks notes itself')
    .requiredOption('--lane <id>', 'which lane, as city-charging')
    .requiredOption('--as <user>', 'who sends, as ChargingMSP/User1')
    .option(
      '--deadline <duration>',
      'until when the other chain may receive it; later it is refunded; from 1s to 30d',
      '10m',
    )
    .option('--wait', 'wait until it is settled; exit status 0 only if it was delivered, 75 if that is not known yet')
    .option('--timeout <duration>', 'with --wait: how long', '2m')
    .addHelpText(
      'after',
      examples(
        [
          'gridpeg send --lane city-charging --quantity 5000 --as ChargingMSP/User1 --recipient ChargingMSP/User1',
          '5 kWh from city to charging',
        ],
        [
          'gridpeg send --wait --lane city-charging --quantity 5000 --as ChargingMSP --recipient ChargingMSP',
          'the same, and says what becomes of it',
        ],
        ['gridpeg transfer show <packet id>', 'what became of it'],
      ),
    )
    .action(handled(runSend));
}

async function runSend(context: CommandContext, options: SendOptions): Promise<CommandResult> {
  const { lane } = options;
  const spending = spendingIn(options);
  const ahead = parseDeadline(options.deadline, '--deadline');
  const timeoutMs = Number(parseDuration(options.timeout, '--timeout'));
  const deadlineMs = async (): Promise<bigint> => (await networkTimeMs(context)) + ahead;
  return PeggedNetwork.with(context.stateDir, async (network) => {
    const recipient = recipientIn(context, options);
    const sent = await send(network, { ...spending, lane, recipient, deadlineMs });
    const told = sentResult(sent, spending.quantity, 'transfer');
    if (options.wait !== true) return told;
    for (const line of told.lines.slice(0, -1)) context.printMessage(line);
    const { waited, report } = await waitForTransfer(
      sent.packetId,
      { timeoutMs },
      (packetId) => readTransfer(network, packetId),
      (stage) => {
        context.printMessage(`${sent.packetId}: ${stages[stage].is}`);
      },
    );
    const code = report?.steps.find((step) => step.code !== '')?.code ?? '';
    return waitedResult(sent, waited, code);
  });
}

/** The result of a transaction that has sent one packet. */
export function sentResult(sent: Sent, quantity: bigint, kind: Packet['kind']): CommandResult {
  const { packetId, sender, lane, blockNumber } = sent;
  return result(sentDocument(sent), [
    `${sender} sent ${quantity.toString()} over ${lane} (${kind}) in block ${blockNumber.toString()}.`,
    `packet ${packetId}`,
    `See what becomes of it: gridpeg transfer show ${packetId}`,
  ]);
}

function sentDocument({ txId, packetIds, blockNumber }: Sent): object {
  return { txId, packetIds, blockNumber };
}

/** 75 is EX_TEMPFAIL of sysexits.h. The transfer continues by itself, and the same command may succeed later. */
const stages: Readonly<Record<Waited, { readonly is: string; readonly exitStatus: 0 | 1 | 75 }>> = {
  'in-flight': { is: 'on its way', exitStatus: 75 },
  received: { is: 'received; its receipt is on its way home', exitStatus: 75 },
  refused: { is: 'refused; a refund follows', exitStatus: 1 },
  delivered: { is: 'delivered: received, and settled at home', exitStatus: 0 },
  refunded: { is: 'refunded: it was refused, and the value is back with its sender', exitStatus: 1 },
};

function waitedResult(sent: Sent, waited: Waited, code: string): CommandResult {
  const { is, exitStatus } = stages[waited];
  const isSettled = waited === 'delivered' || waited === 'refunded';
  const { packetId } = sent;
  const why = code === '' ? '' : ` (${code}; see \`gridpeg explain ${code}\`)`;
  return result(
    { ...sentDocument(sent), outcome: waited, code, timedOut: !isSettled },
    isSettled
      ? [`packet ${packetId}`, `${is}${why}`]
      : [
          `packet ${packetId}`,
          `not settled in time: ${is}${why}`,
          `See what it waits for: gridpeg transfer why ${packetId}`,
        ],
    exitStatus,
  );
}
