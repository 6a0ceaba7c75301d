// SPDX-License-Identifier: Apache-2.0

import { type BenchReport } from './bench-report';
import { perUnit, processKinds, type CpuPerUnit, type CpuUse } from '../measure/cpu-meter';
import { spread } from '../measure/spread';
import { type Slice } from '../phases/subject';
import { failed, latency, number, quartiles, section, type Row } from './table';

const shownPackages = 6;

/** The figures as text tables. */
export function printReport(report: BenchReport): string {
  const { network, machine } = report;
  const chains = network.chains.map(
    ({ name, peers, consensus, batchTimeout }) => `${name} ${peers} peers ${consensus} ${batchTimeout}`,
  );
  return [
    `Fabric ${network.fabricVersion}, Node ${machine.node}, ${machine.cores} cores, ` +
      `topology ${network.topology} (${chains.join('; ')})`,
    ...section('Single-chain transactions', singleChainRows(report)),
    ...section('Commit latency with a single caller, ms', idleCommitRows(report)),
    ...section('Transfers across chains, all senders wait until delivered', crossChainRows(report)),
    ...section('End to end, single transfers at a fixed rate, ms', endToEndRows(report)),
    ...section('CPU, ms a transaction or delivered transfer', cpuRows(report)),
    ...section('Proof', proofRows(report)),
    ...section('A notary starts with an empty disk, seconds', coldStartRows(report)),
    ...section('Ratios, and what else has an aim', [...ratioRows(report), ...coldStartAimRows(report)]),
    ...section('CPU profiles: which packages were busy, in JavaScript threads alone', profileRows(report)),
    ...failureLines(report),
    '',
    'Figures with parentheses: median (lower to upper quartile) of slices in turns. Latencies: p50/p95/p99.',
    `Measured in ${report.durationSeconds} s; what it all means: test/bench/README.md`,
  ].join('\n');
}

function singleChainRows({ singleChain }: BenchReport): readonly Row[] {
  const heading = ['', 'tx/s', 'by slice', 'commit ms', 'failed', 'others CPU'];
  const rows = singleChain.map((figure) => [
    `${figure.name}, ${figure.chain}, ${figure.concurrency} at a time`,
    number(figure.perSecond),
    quartiles(spread(figure.slices.map(({ perSecond }) => perSecond)), 1),
    latency(figure.commitUnderLoad),
    failed(figure.failures),
    others(figure.cpu),
  ]);
  return rows.length === 0 ? [] : [heading, ...rows];
}

function idleCommitRows({ idleCommits }: BenchReport): readonly Row[] {
  return idleCommits.map(({ name, chain, commit }) => [`${name}, ${chain}`, latency(commit)]);
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
  const rows = endToEnd.map(({ receivedInCommits: { p50, p95, p99 }, ...figure }) => [
    `${figure.load}, ${number(figure.sendsPerSecond)}/s`,
    figure.untilReceived.count.toString(),
    latency(figure.commit),
    latency(figure.untilReceived),
    latency(figure.untilDelivered),
    [p50, p95, p99].map(({ middle }) => number(middle)).join('/'),
    failed(figure.failures),
    others(figure.cpu),
  ]);
  return rows.length === 0 ? [] : [heading, ...rows];
}

function cpuRows({ idle, singleChain, crossChain }: BenchReport): readonly Row[] {
  const heading = ['', ...processKinds, 'total', 'by slice', "generator's share"];
  const row = (name: string, cpu: CpuUse, each: CpuPerUnit, slices: readonly Slice[]): Row => [
    name,
    ...[...processKinds, 'total' as const].map((kind) => each[kind].toFixed(1)),
    slices.length < 2 ? '' : quartiles(spread(slices.map(({ cpuMs }) => cpuMs)), 1),
    `${(cpu.generatorShare * 100).toFixed(0)} %`,
  ];
  const rows = [
    ...(idle === undefined
      ? []
      : [row('nothing at all: ms a second', idle.cpu, perUnit(idle.cpu, (idle.endMs - idle.startMs) / 1000), [])]),
    ...singleChain.map((figure) =>
      row(`${figure.name}, ${figure.chain}`, figure.cpu, figure.cpuPerTransaction, figure.slices),
    ),
    ...crossChain.map((figure) =>
      row(
        `${figure.packetsPerSend} a send, ${figure.senders} at a time`,
        figure.cpu,
        figure.cpuPerTransfer,
        figure.slices,
      ),
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
  return ratios.map(({ name, aim, ...measured }) => [
    name,
    quartiles(measured, 2),
    `n = ${measured.samples}`,
    aim === undefined ? '' : `aim ${aim.bound} ${aim.value}: ${aim.verdict}`,
  ]);
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
    `cold start of a notary, s for ${packets} packets`,
    untilAllReadSeconds.toFixed(2),
    'n = 1',
    'aim at most 5 for 10000',
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

/** What did not end well, so that nobody takes a part of the figures for all of them. */
function failureLines({ failure }: BenchReport): readonly string[] {
  if (failure === undefined) return [];
  const notRun = failure.notRun.length === 0 ? '' : `; not run: ${failure.notRun.join(', ')}`;
  return ['', `FAILED: ${failure.phase}${notRun}`, `  ${failure.reason.split('\n', 1)[0] ?? ''}`];
}

/** CPU seconds of processes that have nothing to do with the bench. */
function others({ otherSeconds }: CpuUse): string {
  return `${otherSeconds.toFixed(1)} s`;
}
