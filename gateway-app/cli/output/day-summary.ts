// SPDX-License-Identifier: Apache-2.0

import { type AuditReport } from '../../audit';
import { type DayRun, type DaySessions, type Latency } from '../../scenarios';
import { laneTable, verdictLines } from './audit-report';
import { formatQuantity, formatTable } from './format-table';

/** The outcome of a day. */
type Outcome = Pick<DayRun, 'measurements' | 'problems' | 'examples'> & {
  readonly sessions: Pick<DayRun['sessions'], 'leftOut' | 'settledBefore'>;
};

/** What `gridpeg day --json` prints; quantities in watt-hours, latencies in milliseconds. */
export function dayDocument(
  day: DaySessions,
  { measurements, problems, examples, sessions }: Outcome,
  audit: AuditReport,
): object {
  return {
    date: day.date,
    sessions: day.sessions.length,
    ...totalsOf(day),
    settledBefore: sessions.settledBefore,
    faults: day.faults,
    leftOut: sessions.leftOut,
    rounding: day.rounding,
    carried: measurements.carried(),
    latency: { commit: measurements.latency('commit'), received: measurements.latency('received') },
    problems,
    examples: [...examples].map(([what, packetId]) => ({ what, packetId })),
    audit,
  };
}

/** What `gridpeg day` prints at its end. */
export function daySummary(day: DaySessions, run: Outcome, report: AuditReport): readonly string[] {
  const { requestedWh: requested, deliveredWh: delivered } = totalsOf(day);
  const { measurements, problems, examples, sessions } = run;
  const before = sessions.settledBefore.length;
  const leftOut = day.faults.length + sessions.leftOut.length;
  return [
    '',
    `${day.date}: ${day.sessions.length.toString()} sessions requested ${formatQuantity(requested)} Wh, ` +
      `${formatQuantity(delivered)} Wh were delivered${leftOut === 0 ? '' : `; ${leftOut.toString()} lines left out`}`,
    ...(before === 0 ? [] : [`${before.toString()} of these sessions had been settled on these ledgers before`]),
    ...sessions.leftOut.map(({ code, message }) => `${code}: ${message}`),
    '',
    'Carried on this day, Wh',
    ...formatTable(
      [{ heading: 'lane' }, ...['transactions', 'packets', 'quantity'].map((heading) => ({ heading, right: true }))],
      measurements
        .carried()
        .map(({ laneId, transactions, packets, quantityWh }) => [
          ...[laneId, transactions.toString(), packets.toString()],
          formatQuantity(quantityWh),
        ]),
    ),
    '',
    'Every lane since its first block, Wh',
    ...laneTable(report),
    '',
    ...verdictLines(report),
    '',
    latencyLine('commit (call to VALID)', measurements.latency('commit')),
    latencyLine('end to end (VALID on the source to received)', measurements.latency('received')),
    ...problems.map(({ code, message }) => `${code}: ${message}`),
    '',
    'Look further:',
    ...[...examples].map(([what, packetId]) => `  npx gridpeg transfer show ${packetId}  # ${what}`),
    '  npx gridpeg note list --chain city   npx gridpeg audit   npx gridpeg status   npx gridpeg down',
  ];
}

function totalsOf({ sessions }: DaySessions): Readonly<Record<'requestedWh' | 'deliveredWh', bigint>> {
  return {
    requestedWh: sessions.reduce((total, { requestedWh }) => total + requestedWh, 0n),
    deliveredWh: sessions.reduce((total, { deliveredWh }) => total + deliveredWh, 0n),
  };
}

function latencyLine(what: string, latency: Latency | undefined): string {
  if (latency === undefined) return `latency, ${what}: nothing was measured`;
  const { count, p50Ms, p95Ms } = latency;
  return `latency, ${what}: p50 ${p50Ms.toFixed(0)} ms, p95 ${p95Ms.toFixed(0)} ms, of ${count.toString()}`;
}
