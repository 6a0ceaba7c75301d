// SPDX-License-Identifier: Apache-2.0

import { type BenchReport } from './bench-report';
import { perUnit, processKinds, type CpuPerUnit, type CpuUse } from '../measure/cpu-meter';
import { type LatencySummary } from '../measure/summarize-latencies';

type Row = readonly string[];

const shownPackages = 6;

/** The figures as text tables, widest first column left, everything else right. */
export function printReport(report: BenchReport): string {
  const { network, machine } = report;
  const chains = network.chains.map(
    ({ name, peers, consensus, batchTimeout }) => `${name} ${peers} peers ${consensus} ${batchTimeout}`,
  );
  return [
    `Fabric ${network.fabricVersion}, Node ${machine.node}, ${machine.cores} cores, topology ${network.topology} (${chains.join('; ')})`,
    ...section('Single-chain transactions', singleChainRows(report)),
    ...section('Transfers across chains, all senders wait until delivered', crossChainRows(report)),
    ...section('End to end, single transfers at a fixed rate, ms', endToEndRows(report)),
    ...section('CPU, ms a transaction or delivered transfer', cpuRows(report)),
    ...section('Proof', proofRows(report)),
    ...section('A notary starts with an empty disk, seconds', coldStartRows(report)),
    ...section('Ratios, and what else has an aim', [...ratioRows(report), ...coldStartAimRows(report)]),
    ...section('CPU profiles: which packages were busy, in JavaScript threads alone', profileRows(report)),
    '',
    `Latencies are p50/p95/p99. Measured in ${report.durationSeconds} s; what it all means: test/bench/README.md`,
  ].join('\n');
}

function singleChainRows({ singleChain }: BenchReport): readonly Row[] {
  const heading = ['', 'tx/s', 'by round', 'idle commit ms', 'loaded commit ms', 'failed', 'others CPU'];
  const rows = singleChain.map((figure) => [
    `${figure.name}, ${figure.chain}, ${figure.concurrency} at a time`,
    number(figure.perSecond),
    figure.perSecondByRound.map(number).join(' '),
    latency(figure.commitIdle),
    latency(figure.commitUnderLoad),
    failed(figure.failures),
    others(figure.cpu),
  ]);
  return rows.length === 0 ? [] : [heading, ...rows];
}

function crossChainRows({ crossChain }: BenchReport): readonly Row[] {
  const heading = [
    '',
    'delivered/s',
    'received/s',
    'a certificate',
    'received ms',
    'delivered ms',
    'failed',
    'others CPU',
  ];
  const rows = crossChain.map((figure) => [
    `${figure.packetsPerSend} a send, ${figure.senders} at a time`,
    number(figure.deliveredPerSecond),
    number(figure.receivedPerSecond),
    number(figure.packetsPerCertificate),
    latency(figure.untilReceived),
    latency(figure.untilDelivered),
    failed(figure.failures),
    others(figure.cpu),
  ]);
  return rows.length === 0 ? [] : [heading, ...rows];
}

function endToEndRows({ endToEnd }: BenchReport): readonly Row[] {
  const heading = [
    '',
    'transfers',
    'send committed',
    'received',
    'delivered',
    'received in commits',
    'failed',
    'others CPU',
  ];
  const rows = endToEnd.map((figure) => [
    `${figure.load}, ${number(figure.sendsPerSecond)}/s`,
    figure.untilReceived.count.toString(),
    latency(figure.commit),
    latency(figure.untilReceived),
    latency(figure.untilDelivered),
    multiples(figure.receivedInCommits),
    failed(figure.failures),
    others(figure.cpu),
  ]);
  return rows.length === 0 ? [] : [heading, ...rows];
}

function cpuRows({ idle, singleChain, crossChain }: BenchReport): readonly Row[] {
  const heading = ['', ...processKinds, 'total', "generator's share"];
  const row = (name: string, cpu: CpuUse, each: CpuPerUnit): Row => [
    name,
    ...[...processKinds, 'total' as const].map((kind) => each[kind].toFixed(1)),
    `${(cpu.generatorShare * 100).toFixed(0)} %`,
  ];
  const rows = [
    row('nothing at all: ms a second', idle.cpu, perUnit(idle.cpu, (idle.endMs - idle.startMs) / 1000)),
    ...singleChain.map((figure) => row(`${figure.name}, ${figure.chain}`, figure.cpu, figure.cpuPerTransaction)),
    ...crossChain.map((figure) =>
      row(`${figure.packetsPerSend} a send, ${figure.senders} at a time`, figure.cpu, figure.cpuPerTransfer),
    ),
  ];
  return rows.length === 0 ? [] : [heading, ...rows];
}

function proofRows({ proofBytes }: BenchReport): readonly Row[] {
  const shown = proofBytes.filter(({ packets }) => [1, 10, 50].includes(packets));
  const heading = ['packets a certificate', 'certificates', 'bytes', 'of them packets', 'proof bytes a transfer'];
  const rows = shown.map((figure) => [
    figure.packets.toString(),
    figure.certificates.toString(),
    figure.certificateBytes.toFixed(0),
    figure.packetBytes.toFixed(0),
    figure.proofBytesPerTransfer.toFixed(0),
  ]);
  return rows.length === 0 ? [] : [heading, ...rows];
}

function ratioRows({ ratios }: BenchReport): readonly Row[] {
  const row = (name: string, value: number | undefined): readonly Row[] =>
    value === undefined ? [] : [[name, value.toFixed(2)]];
  const rows = (name: string, value: BenchReport['ratios']['endToEndInCommits']): readonly Row[] =>
    Object.entries(value ?? {}).map(([load, found]) => [`${name}, ${load}`, multiples(found)]);
  return [
    ...row('note transfers / yardstick (aim 1.2)', ratios.notesToYardstick),
    ...row('cross-chain at 50 / note transfers on the source (aim 0.8)', ratios.crossChainAt50ToSingleChain),
    ...row('cross-chain at 50 / note transfers on the destination', ratios.crossChainAt50ToSingleChainAtDestination),
    ...rows('end to end / commits of the same load (aim at half load: p50 2.2, p99 4)', ratios.endToEndInCommits),
    ...rows('end to end / idle commits', ratios.endToEndInIdleCommits),
  ];
}

function coldStartRows({ coldStarts }: BenchReport): readonly Row[] {
  const rows = coldStarts.map((figure) => [
    `${figure.packets} packets in flight`,
    figure.untilHealthySeconds.toFixed(2),
    figure.untilAllReadSeconds.toFixed(2),
    figure.untilFirstReceivedSeconds.toFixed(1),
    figure.untilAllDeliveredSeconds.toFixed(1),
    number(figure.deliveredPerSecond),
    figure.certificates.count.toString(),
    `${number(figure.certificates.meanUnderWay)} (${figure.certificates.mostUnderWay})`,
    figure.certificates.meanSeconds.toFixed(2),
  ]);
  const heading = ['', 'answers', 'has read all', 'first received', 'all delivered', 'delivered/s'];
  return rows.length === 0 ? [] : [[...heading, 'certificates', 'at once (most)', 'each took'], ...rows];
}

function coldStartAimRows({ coldStarts }: BenchReport): readonly Row[] {
  return coldStarts.map(({ packets, untilAllReadSeconds }) => [
    `cold start of a notary, s for ${packets} packets (aim 5 for 10000)`,
    untilAllReadSeconds.toFixed(2),
  ]);
}

function profileRows({ profiles }: BenchReport): readonly Row[] {
  const rows = profiles.map(({ window, kind, busySeconds, packages }) => {
    const largest = Object.entries(packages).slice(0, shownPackages);
    const shares = largest.map(([name, share]) => `${name} ${(share * 100).toFixed(0)} %`);
    return [`${window}: ${kind}`, `${busySeconds.toFixed(1)} s`, shares.join(', ')];
  });
  return rows.length === 0 ? [] : [['', 'busy', 'packages'], ...rows];
}

function section(title: string, rows: readonly Row[]): readonly string[] {
  if (rows.length === 0) return [];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return ['', title, ...lines.map((line) => `  ${line}`)];
}

function number(value: number): string {
  return value.toFixed(1);
}

function latency({ p50Ms, p95Ms, p99Ms }: LatencySummary): string {
  return [p50Ms, p95Ms, p99Ms].map((value) => value.toFixed(0)).join('/');
}

function multiples({ p50, p95, p99 }: Readonly<Record<'p50' | 'p95' | 'p99', number>>): string {
  return [p50, p95, p99].map((value) => value.toFixed(1)).join('/');
}

function failed(failures: Readonly<Record<string, number>>): string {
  const counts = Object.entries(failures);
  return counts.length === 0 ? '0' : counts.map(([code, count]) => `${count} ${code}`).join(', ');
}

/** CPU seconds of processes that have nothing to do with the bench. */
function others({ otherSeconds }: CpuUse): string {
  return `${otherSeconds.toFixed(1)} s`;
}
