// SPDX-License-Identifier: Apache-2.0

import { writeJson } from '@gridpeg/network';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { BenchNetwork, readFacts } from './load/bench-network';
import { type Outcome } from './phases/run-phases';
import { machineFacts, type BenchReport } from './report/bench-report';
import { type Figures } from './report/figures';
import { ratiosOf } from './report/ratios';
import { benchHelp, parseBenchOptions, UsageError, type BenchOptions } from './parse-bench-options';
import { Participants } from './load/participants';
import { printReport } from './report/print-report';
import { runBench } from './run-bench';

const log = (line: string): void => {
  process.stderr.write(`bench: ${line}\n`);
};

/** @returns the report, which says itself when a phase failed */
async function bench(options: BenchOptions, network: BenchNetwork): Promise<BenchReport> {
  const beganMs = performance.now();
  const machine = machineFacts();
  const date = new Date().toISOString();
  const file = resolve(options.json ?? join(tmpdir(), `gridpeg-bench-${date.replace(/[:.]/g, '-')}.json`));
  mkdirSync(dirname(file), { recursive: true });
  log(`a network in ${network.stateDir}; figures go to ${file}`);
  await network.up(options.topology);
  const participants = new Participants(network.stateDir);
  try {
    const lane = { source: participants.source.name, destination: participants.destination.name };
    if (options.parts.has('yardstick')) await network.deployYardstick(lane.source);
    const facts = await readFacts(network.stateDir);
    const reportOf = ({ figures, failure }: Outcome<Figures>): BenchReport => ({
      schema: 'gridpeg-bench/2',
      date,
      durationSeconds: Math.round((performance.now() - beganMs) / 1000),
      machine,
      network: facts,
      seconds: options.seconds,
      ...figures,
      ratios: ratiosOf(figures, lane),
      ...(failure === undefined ? {} : { failure }),
    });
    const save = (outcome: Outcome<Figures>): void => {
      writeJson(file, reportOf(outcome));
    };
    return reportOf(await runBench(participants, network.stateDir, options, log, save));
  } finally {
    participants.close();
  }
}

/** Takes the network down however the bench ends: well, by an error, or by a signal. @returns the exit status */
async function run(options: BenchOptions): Promise<number> {
  const network = new BenchNetwork(options.state);
  const interruption = new AbortController();
  const interrupt = (): void => {
    if (interruption.signal.aborted) return;
    interruption.abort();
    log('interrupted: taking the network down');
    network.down().then(
      () => process.exit(130),
      (error: unknown) => {
        log(describe(error));
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  try {
    const report = await bench(options, network);
    process.stdout.write(`${printReport(report)}\n`);
    if (report.failure === undefined) return 0;
    log(report.failure.reason);
    return 1;
  } catch (error) {
    // What fails once the network is going down is no news; the signal's handler ends the process.
    if (interruption.signal.aborted) return await new Promise<never>(() => undefined);
    log(describe(error));
    return 1;
  } finally {
    await network.down();
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

async function main(): Promise<number> {
  let options: BenchOptions | undefined;
  try {
    options = parseBenchOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`USAGE: ${error.message}\n\n${benchHelp}\n`);
    return 2;
  }
  if (options === undefined) {
    process.stdout.write(`${benchHelp}\n`);
    return 0;
  }
  return run(options);
}

void main().then((status) => {
  process.exit(status);
});
