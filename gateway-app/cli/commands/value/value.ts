// SPDX-License-Identifier: Apache-2.0

import { assetIdShape, laneIdShape, memoShape, quantityShape, type Account, type Note } from '@gridpeg/protocol';
import { Option, type Command } from 'commander';
import { toJson, type CommandContext } from '../../context/command-context';
import { collect, contextOf, examples } from '../../context/command-line';
import { type PegClient } from '../../../client';
import { networkTimeMs } from '../../context/clock-skew';
import { parseByShape, parseDeadline } from '../../../input/parse-option';
import { recipientOn, type RecipientOptions } from '../../input/recipient-on';
import { PeggedNetwork, type ChainState, type Holder } from '../../../consortium/consortium';
import { namedNotes, type Wanted } from '../../../consortium/select-notes';
import { spendNotes } from '../../../consortium/spend-notes';

interface ValueOptions {
  readonly quantity: string;
  readonly asset?: string;
  readonly memo: string;
  readonly as?: string;
}
interface SpendOptions extends ValueOptions {
  readonly note: readonly string[];
}

/** What a spending command works with. */
interface Spender {
  readonly network: PeggedNetwork;
  readonly chain: ChainState;
  readonly holder: Holder;
  readonly client: PegClient;
}

const units = 'in the unit of the asset (energy: watt-hours)';

const unknownRecipient = ['--unknown-recipient', 'pay an account of which nothing is known here'] as const;

/** `issue`, `pay`, `retire` and `send`: what holders do with notes. */
export function addValueCommands(program: Command): void {
  const issue = program.command('issue').description('make notes of an asset, as its issuer on its home chain');
  withValue(issue)
    .requiredOption('--recipient <account>', 'whom to, as ChargingMSP/User1')
    .option(...unknownRecipient)
    .option('--as <user>', 'who issues (default: the first of its issuers whose keys are here)')
    .addHelpText(
      'after',
      examples(['gridpeg issue --quantity 100000 --recipient ChargingMSP/User1', '100 kWh of credit']),
    )
    .action(runIssue);

  const pay = program
    .command('pay')
    .description('give notes to another account on the same chain; also splits and merges');
  withNotes(withValue(pay))
    .requiredOption('--chain <name>', 'on which chain')
    .requiredOption('--recipient <account>', 'whom to')
    .option(...unknownRecipient)
    .requiredOption('--as <user>', 'who pays, as ChargingMSP/User1')
    .addHelpText(
      'after',
      examples([
        'gridpeg pay --chain city --quantity 500 --as ChargingMSP/User1 --recipient MicrogridMSP/User1',
        'on city',
      ]),
    )
    .action(runPay);

  const retire = program
    .command('retire')
    .description('end value that was consumed: at home, or away by a packet home');
  withNotes(withValue(retire))
    .requiredOption('--chain <name>', 'where the value is')
    .requiredOption('--as <user>', 'whose value, as ChargingMSP/User1')
    .addHelpText(
      'after',
      examples(['gridpeg retire --chain charging --quantity 3000 --as ChargingMSP/User1', '3 kWh went into a vehicle']),
    )
    .action(runRetire);

  const send = program.command('send').description('send value over a lane to another chain');
  withNotes(withValue(send))
    .requiredOption('--lane <id>', 'which lane, as city-charging')
    .requiredOption('--recipient <account>', 'whom to, on the other chain')
    .option(...unknownRecipient)
    .requiredOption('--as <user>', 'who sends, as ChargingMSP/User1')
    .option(
      '--deadline <duration>',
      'until when the other chain may receive it; later it is refunded; from 1s to 30d',
      '10m',
    )
    .addHelpText(
      'after',
      examples(
        [
          'gridpeg send --lane city-charging --quantity 5000 --as ChargingMSP/User1 --recipient ChargingMSP/User1',
          '5 kWh from city to charging',
        ],
        ['gridpeg transfer show <packet id>', 'what became of it'],
      ),
    )
    .action(runSend);
}

function withValue(command: Command): Command {
  return command
    .requiredOption('--quantity <number>', `how much, ${units}`)
    .option('--asset <id>', 'which asset (default: the only one)')
    .option('--memo <text>', 'up to 128 printable characters, for whoever reads the ledger', '');
}

function withNotes(command: Command): Command {
  return command.addOption(
    new Option('--note <id>', 'spend this note; may be given several times')
      .argParser(collect)
      .default([], 'picks notes itself'),
  );
}

async function runIssue(options: ValueOptions & RecipientOptions, command: Command): Promise<void> {
  const context = contextOf(command);
  const { quantity, memo } = valueOf(options);
  await PeggedNetwork.with(context.stateDir, async (network) => {
    const asset = network.asset(options.asset);
    const holder = network.holder(options.as ?? issuerWithKeys(network, asset));
    const recipient = await recipientOn(context, network.homeOf(asset.id), network, options);
    const client = network.client(network.homeOf(asset.id), holder);
    const request = { asset: assetIdShape.read(asset.id, '--asset'), outputs: [{ recipient, quantity, memo }] };
    const { answer, blockNumber } = await client.issue(request);
    report(context, { ...answer, blockNumber }, [
      `Issued ${quantity.toString()} ${asset.unit} to ${recipient} in block ${blockNumber.toString()}.`,
      `note ${answer.noteIds[0] ?? ''}`,
    ]);
  });
}

/** The first of an asset's issuers whose keys are here; else the first, for the error that names who has none. */
function issuerWithKeys(network: PeggedNetwork, { issuers }: ReturnType<PeggedNetwork['asset']>): string {
  return issuers.find((issuer) => network.findHolder(issuer) !== undefined) ?? issuers[0] ?? '';
}

async function runPay(
  options: SpendOptions & RecipientOptions & { chain: string; as: string },
  command: Command,
): Promise<void> {
  const context = contextOf(command);
  const { quantity, memo } = valueOf(options);
  await PeggedNetwork.with(context.stateDir, async (network) => {
    const spender = spenderOn(network, options.chain, options.as);
    const recipient = await recipientOn(context, spender.chain, network, options);
    const { answer, blockNumber } = await spend(spender, options, { quantity }, (notes) =>
      spender.client.transfer({
        noteIds: notes.map(({ id }) => id),
        outputs: [{ recipient, quantity, memo }],
      }),
    );
    report(context, { ...answer, blockNumber }, [
      `Paid ${quantity.toString()} to ${recipient} on ${options.chain} in block ${blockNumber.toString()}.`,
      ...answer.noteIds.map((id, index) => `${index === 0 ? 'note' : 'change'} ${id}`),
    ]);
  });
}

async function runRetire(options: SpendOptions & { chain: string; as: string }, command: Command): Promise<void> {
  const context = contextOf(command);
  const { quantity } = valueOf(options);
  await PeggedNetwork.with(context.stateDir, async (network) => {
    const spender = spenderOn(network, options.chain, options.as);
    const home = network.homeOf(network.asset(options.asset).id).name === options.chain;
    await spend(spender, options, home ? { quantity, only: 'at-home' } : { quantity }, async (notes) => {
      const cameBy = notes[0]?.label.path.at(-1);
      if (cameBy === undefined) {
        const { answer, blockNumber } = await spender.client.retire({ noteIds: notes.map(({ id }) => id), quantity });
        report(context, { ...answer, blockNumber }, [
          `Retired ${quantity.toString()} in block ${blockNumber.toString()}.`,
        ]);
        return;
      }
      const lane = network.returnLane(network.lane(cameBy)).id;
      const recipient = spender.holder.account;
      await sendOver(context, spender, { lane, notes, kind: 'retirement', recipient, deadlineMs: 0n, options });
    });
  });
}

async function runSend(
  options: SpendOptions & RecipientOptions & { lane: string; deadline: string; as: string },
  command: Command,
): Promise<void> {
  const context = contextOf(command);
  const { quantity } = valueOf(options);
  const ahead = parseDeadline(options.deadline, '--deadline');
  await PeggedNetwork.with(context.stateDir, async (network) => {
    const lane = network.lane(options.lane);
    const spender = spenderOn(network, lane.source, options.as);
    const cameBy = laneIdShape.read(network.returnLane(lane).id, '--lane');
    const recipient = await recipientOn(context, network.chain(lane.destination), network, options);
    await spend(spender, options, { quantity, cameBy }, async (notes) => {
      const deadlineMs = (await networkTimeMs(context)) + ahead;
      return sendOver(context, spender, { lane: lane.id, notes, kind: 'transfer', recipient, deadlineMs, options });
    });
  });
}

async function sendOver(
  context: CommandContext,
  { client, holder }: Spender,
  what: {
    readonly lane: string;
    readonly notes: readonly Note[];
    readonly kind: 'transfer' | 'retirement';
    readonly recipient: Account;
    readonly deadlineMs: bigint;
    readonly options: SpendOptions;
  },
): Promise<void> {
  const { quantity, memo } = valueOf(what.options);
  const { answer, blockNumber } = await client.send({
    laneId: parseByShape(laneIdShape, what.lane, '--lane'),
    noteIds: what.notes.map(({ id }) => id),
    outputs: [{ kind: what.kind, recipient: what.recipient, quantity, memo }],
    deadlineMs: what.deadlineMs,
  });
  const packetId = answer.packetIds[0] ?? '';
  report(context, { ...answer, blockNumber }, [
    `${holder.account} sent ${quantity.toString()} over ${what.lane} (${what.kind}) in block ${blockNumber.toString()}.`,
    `packet ${packetId}`,
    `See what becomes of it: gridpeg transfer show ${packetId}`,
  ]);
}

function spenderOn(network: PeggedNetwork, chainName: string, user: string): Spender {
  const chain = network.chain(chainName);
  const holder = network.holder(user);
  return { network, chain, holder, client: network.client(chain, holder) };
}

/** Spends the notes that the user named, or chooses some. */
async function spend<T>(
  { network, holder, client }: Spender,
  options: SpendOptions,
  wanted: Omit<Wanted, 'asset'>,
  action: (notes: readonly Note[]) => Promise<T>,
): Promise<T> {
  const asset = assetIdShape.read(network.asset(options.asset).id, '--asset');
  if (options.note.length > 0) return action(await namedNotes(client.notesPages(holder.account), options.note));
  return spendNotes(client, holder.account, { ...wanted, asset }, action);
}

function valueOf({ quantity, memo }: ValueOptions): { readonly quantity: bigint; readonly memo: string } {
  return {
    quantity: parseByShape(quantityShape, quantity, '--quantity'),
    memo: parseByShape(memoShape, memo, '--memo'),
  };
}

function report({ json, print }: CommandContext, answer: unknown, lines: readonly string[]): void {
  for (const line of json ? [toJson(answer)] : lines) print(line);
}
