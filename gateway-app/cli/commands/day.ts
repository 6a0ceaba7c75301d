// SPDX-License-Identifier: Apache-2.0

import { LOCK_SECONDS, withLock, type DriverName, type Topology } from '@gridpeg/network';
import { Option, type Command } from 'commander';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type AuditReport } from '../../audit';
import {
  DayRun,
  dayLanes,
  energyUnits,
  maximumSessionsPerBatch,
  parseSessions,
  planDay,
  type DaySessions,
  type EnergyUnit,
} from '../../scenarios';
import { auditNetwork } from '../output/audit-report';
import { networkTimeMs } from '../context/clock-skew';
import { pegTasks, wantedTopology } from '../../setup/bring-peg-up';
import { sampleSessions } from '../../consortium/installation';
import { type Task } from '../../setup/task';
import { DayError } from '../../errors/day-error';
import { answer, type CommandContext } from '../context/command-context';
import { contextOf, driverOption, examples, topologyOption } from '../context/command-line';
import { dayParties } from '../../scenarios/day-parties';
import { dayDocument, daySummary } from '../output/day-summary';
import { parseCount, parseDate, parseDuration } from '../../input/parse-option';
import { PeggedNetwork } from '../../consortium/consortium';
import { runTasks } from '../output/run-tasks';

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

/** `day`: the main job, from nothing to an audited day. */
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
    .action(async (options: DayCommandOptions, command: Command) => {
      await runDay(contextOf(command), options);
    });
}

async function runDay(context: CommandContext, options: DayCommandOptions): Promise<void> {
  const perBatch = parseCount(options.batch, '--batch', 1, maximumSessionsPerBatch);
  const timeoutMs = Number(parseDuration(options.timeout, '--timeout'));
  const day = readSessions(options);
  for (const { code, file, line, message } of day.faults)
    context.tell(`${code}: ${file}:${line.toString()}: ${message}`);
  const others = day.dates.length - 1;
  const more = others > 0 && options.date === undefined ? ` (${others.toString()} other days in the file: --date)` : '';
  for (const line of roundingLines(day)) context.tell(line);
  context.tell(`${basename(options.sessions)}: ${day.sessions.length.toString()} sessions on ${day.date}${more}`);
  const topology = await wantedTopology(context, options.topology);
  requireLanes(topology);
  await runTasks(pegTasks(context, topology, options.driver), context);
  // Two days at once would each take what the other has under way for something left behind.
  await withLock(join(context.stateDir, 'day'), LOCK_SECONDS, () =>
    runOnNetwork(context, day, { perBatch, timeoutMs, allowsLeftOut: options.allowLeftOut === true }),
  );
}

async function runOnNetwork(
  context: CommandContext,
  day: DaySessions,
  options: { readonly perBatch: number; readonly timeoutMs: number; readonly allowsLeftOut: boolean },
): Promise<void> {
  await PeggedNetwork.with(context.stateDir, async (network) => {
    const run = new DayRun({
      plan: planDay(day.sessions, options.perBatch),
      parties: dayParties(network),
      date: day.date,
      timeoutMs: options.timeoutMs,
      clockBehindMs: Number(await networkTimeMs(context)) - Date.now(),
    });
    try {
      let report: AuditReport | undefined;
      const auditing: Task = {
        title: 'Audit of all blocks',
        run: async (tell) => {
          report = await auditNetwork(network);
          tell(report.verdict);
        },
      };
      await runTasks([...run.tasks(), auditing], context);
      if (report === undefined) throw new Error('the audit gave no report');
      answer(context, dayDocument(day, run, report), daySummary(day, run, report));
      const leftOut = day.faults.length + run.sessions.leftOut.length > 0 && !options.allowsLeftOut;
      if (report.verdict !== 'holds' || run.problems.length > 0 || leftOut) process.exitCode = 1;
    } finally {
      run.close();
    }
  });
}

function readSessions({ sessions: file, date, energyUnit: unit }: DayCommandOptions): DaySessions {
  const day = date === undefined ? undefined : parseDate(date, '--date');
  return parseSessions(readBytes(file), { file: basename(file), date: day, unit, nowMs: Date.now() });
}

function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new DayError('SESSIONS_UNREADABLE', `${file} cannot be read. Give the path of a CSV file with --sessions.`);
  }
}

function roundingLines({ rounding }: DaySessions): readonly string[] {
  return Object.entries(rounding)
    .filter(([, difference]) => difference !== 0n)
    .map(([name, difference]) => {
      const signed = `${difference > 0n ? '+' : ''}${difference.toString()}`;
      return `rounding each session to whole watt-hours changes the sum of ${name} by ${signed} Wh`;
    });
}

function requireLanes({ name, peg }: Topology): void {
  const missing = Object.values(dayLanes).filter((id) => !peg.lanes.some((lane) => lane.id === id));
  if (missing.length === 0) return;
  throw new DayError(
    'LANE_NOT_IN_TOPOLOGY',
    `topology ${name} has no lane ${missing.join(', ')}. Use --topology dev, in a folder of its own (--state).`,
  );
}
