// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { BenchNetwork, readFacts } from './load/bench-network';
import { machineFacts, ratiosOf, type BenchReport } from './report/bench-report';
import { benchHelp, parseBenchOptions, UsageError, type BenchOptions } from './parse-bench-options';
import { Participants } from './load/participants';
import { printReport } from './report/print-report';
import { runBench } from './run-bench';

const tell = (line: string): void => {
  process.stderr.write(`bench: ${line}\n`);
};

async function bench(options: BenchOptions, network: BenchNetwork): Promise<BenchReport> {
  const beganMs = performance.now();
  const machine = machineFacts();
  tell(`a network in ${network.stateDir}`);
  await network.up(options.topology);
  const participants = new Participants(network.stateDir);
  try {
    if (options.parts.has('yardstick')) await network.deployYardstick(participants.source.name);
    const figures = await runBench(participants, network.stateDir, options, tell);
    return {
      schema: 'gridpeg-bench/1',
      date: new Date().toISOString(),
      durationSeconds: Math.round((performance.now() - beganMs) / 1000),
      machine,
      network: await readFacts(network.stateDir),
      seconds: options.seconds,
      ...figures,
      ratios: ratiosOf(figures, { source: participants.source.name, destination: participants.destination.name }),
    };
  } finally {
    participants.close();
  }
}

function save(report: BenchReport, file: string | undefined): string {
  const path = resolve(file ?? join(tmpdir(), `gridpeg-bench-${report.date.replace(/[:.]/g, '-')}.json`));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report, undefined, 2)}\n`);
  return path;
}

/** Takes the network down however the bench ends: well, by an error, or by a signal. @returns the exit status */
async function run(options: BenchOptions): Promise<number> {
  const network = new BenchNetwork(options.state);
  const interruption = new AbortController();
  const interrupt = (): void => {
    if (interruption.signal.aborted) return;
    interruption.abort();
    tell('interrupted: taking the network down');
    network.down().then(
      () => process.exit(130),
      (error: unknown) => {
        tell(describe(error));
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  try {
    const report = await bench(options, network);
    process.stdout.write(`${printReport(report)}\n`);
    tell(`figures are in ${save(report, options.json)}`);
    return 0;
  } catch (error) {
    // What fails once the network is going down is no news; the signal's handler ends the process.
    if (interruption.signal.aborted) return await new Promise<never>(() => undefined);
    tell(describe(error));
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
