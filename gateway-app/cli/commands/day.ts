// SPDX-License-Identifier: Apache-2.0

import { lockSeconds, withLock, type DriverName } from '@gridpeg/network';
import { Option, type Command } from 'commander';
import { basename, join } from 'node:path';
import { type AuditReport } from '../../audit';
import {
  DayRun,
  energyUnits,
  maximumSessionsPerBatch,
  planDay,
  readSessions,
  requireDayLanes,
  type DaySessions,
  type EnergyUnit,
} from '../../scenarios';
import { auditNetwork } from '../../consortium/audited-chains';
import { networkTimeMs } from '../../consortium/clock-skew';
import { pegTasks, wantedTopology } from '../../setup/bring-peg-up';
import { sampleSessions } from '../../consortium/installation';
import { type CommandContext } from '../context/command-context';
import { driverOption, examples, handled, topologyOption } from '../context/command-line';
import { result, type CommandResult } from '../context/command-result';
import { dayParties } from '../../scenarios/day-parties';
import { dayDocument, daySummary } from '../output/day-summary';
import { parseCount, parseDate, parseDuration } from '../../input/parse-option';
import { PeggedNetwork } from '../../consortium/consortium';
import { runTask, runTasks } from '../output/run-tasks';

interface DayCommandOptions {
  readonly sessions: string;
  readonly date?: string;
  readonly energyUnit?: EnergyUnit;
  readonly allowLeftOut?: true;
  readonly topology?: string;
  readonly driver?: DriverName;
  readonly batch: string;
  readonly timeout: string;
}

/** `day` goes from nothing to an audited sample day. */
export function addDayCommand(program: Command): void {
  program
    .command('day')
    .description('run one day of EV charging on a network that is brought up if need be, and audit it')
    .option(
      '--sessions <file>',
      'charging sessions, CSV with the columns of the ACN data; may be gzip or UTF-16',
      sampleSessions,
    )
    .addOption(
      new Option('--energy-unit <unit>', 'the unit of energies whose columns do not name one').choices(energyUnits),
    )
    .option('--allow-left-out', 'end well although lines were left out')
    .option('--date <YYYY-MM-DD>', 'the day of arrival (default: the first in the file)')
    .option(
      '--batch <count>',
      `sessions that travel in one transaction, 1 to ${maximumSessionsPerBatch.toString()}`,
      '20',
    )
    .option('--timeout <duration>', 'how long to wait for anything that is under way', '2m')
    .addOption(topologyOption())
    .addOption(driverOption())
    .addHelpText(
      'after',
      examples(
        ['gridpeg day', 'the sample: 79 sessions of 16 May 2019'],
        ['gridpeg day --sessions all-of-may.csv --date 2019-05-20', 'another day'],
        ['gridpeg day --sessions day.csv --allow-left-out', 'lines that are impossible are left out and told'],
        ['gridpeg day --json', 'one document with what was carried and the whole audit'],
      ),
    )
    .action(handled(runDay));
}

async function runDay(context: CommandContext, options: DayCommandOptions): Promise<CommandResult> {
  const perBatch = parseCount(options.batch, '--batch', 1, maximumSessionsPerBatch);
  const timeoutMs = Number(parseDuration(options.timeout, '--timeout'));
  const day = readSessions(options.sessions, {
    date: options.date === undefined ? undefined : parseDate(options.date, '--date'),
    unit: options.energyUnit,
  });
  for (const line of sessionLines(day, options)) context.printMessage(line);
  const topology = await wantedTopology(context, options.topology);
  requireDayLanes(topology);
  await runTasks(pegTasks(context, topology, options.driver), context);
  // Of two days at the same time, each would take the other's unfinished work for its own of an earlier run.
  return withLock(join(context.stateDir, 'day'), lockSeconds, () =>
    runOnNetwork(context, day, { perBatch, timeoutMs, allowsLeftOut: options.allowLeftOut === true }),
  );
}

async function runOnNetwork(
  context: CommandContext,
  day: DaySessions,
  options: { readonly perBatch: number; readonly timeoutMs: number; readonly allowsLeftOut: boolean },
): Promise<CommandResult> {
  return PeggedNetwork.with(context.stateDir, async (network) => {
    const run = new DayRun({
      plan: planDay(day.sessions, options.perBatch),
      parties: dayParties(network),
      date: day.date,
      timeoutMs: options.timeoutMs,
      clockBehindMs: Number(await networkTimeMs(context)) - Date.now(),
    });
    try {
      await runTasks(run.tasks(), context);
      const auditing = async (report: (text: string) => void): Promise<AuditReport> => {
        const found = await auditNetwork(network);
        report(found.verdict);
        return found;
      };
      const report = await runTask('Audit of all blocks', auditing, context);
      const leftOut = day.faults.length + run.sessions.leftOut.length > 0 && !options.allowsLeftOut;
      const isWell = report.verdict === 'holds' && run.problems.length === 0 && !leftOut;
      return result(dayDocument(day, run, report), daySummary(day, run, report), isWell ? 0 : 1);
    } finally {
      run.close();
    }
  });
}

/** The lines about the sessions that are printed before the day starts. */
function sessionLines(day: DaySessions, { sessions: file, date }: DayCommandOptions): readonly string[] {
  const others = day.dates.length - 1;
  const more = others > 0 && date === undefined ? ` (${others.toString()} other days in the file: --date)` : '';
  return [
    ...day.faults.map(({ code, file: name, line, message }) => `${code}: ${name}:${line.toString()}: ${message}`),
    ...roundingLines(day),
    `${basename(file)}: ${day.sessions.length.toString()} sessions on ${day.date}${more}`,
  ];
}

function roundingLines({ rounding }: DaySessions): readonly string[] {
  return Object.entries(rounding)
    .filter(([, difference]) => difference !== 0n)
    .map(([name, difference]) => {
      const signed = `${difference > 0n ? '+' : ''}${difference.toString()}`;
      return `rounding each session to whole watt-hours changes the sum of ${name} by ${signed} Wh`;
    });
}
