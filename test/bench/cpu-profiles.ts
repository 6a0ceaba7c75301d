// SPDX-License-Identifier: Apache-2.0

import { networkStatus } from '@gridpeg/network';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where Node listens for a debugger once SIGUSR1 has asked it to; one process at a time has it. */
const debuggerUrl = 'http://127.0.0.1:9229/json/list';
const patienceMs = 10_000;
/** Microseconds between samples. */
const interval = 2000;

/**
 * CPU profiles of the network's Node processes and of this one, a file for each process and measured window.
 *
 * The processes run as they always do: a debugger attaches to each in turn, leaves a profiler there that a signal starts and stops,
 * and goes away.
 */
export class CpuProfiles {
  readonly #folder: string;
  readonly #generator = new Session();
  readonly #nodes: ReadonlyArray<{ readonly name: string; readonly pid: number }>;

  private constructor(folder: string, nodes: ReadonlyArray<{ readonly name: string; readonly pid: number }>) {
    this.#folder = folder;
    this.#nodes = nodes;
  }

  /** @throws Error when a process lets no debugger in */
  static async prepare(stateDir: string, folder: string): Promise<CpuProfiles> {
    mkdirSync(folder, { recursive: true });
    const nodes = (await networkStatus({ stateDir })).flatMap(({ name, kind, pid }) =>
      pid !== undefined && (kind === 'chaincode' || kind === 'service') ? { name, pid } : [],
    );
    const profiles = new CpuProfiles(folder, nodes);
    for (const { name, pid } of nodes) await leaveProfiler(pid, profiles.#file(name));
    profiles.#generator.connect();
    await profiles.#generator.post('Profiler.enable');
    await profiles.#generator.post('Profiler.setSamplingInterval', { interval });
    return profiles;
  }

  async start(): Promise<void> {
    for (const { pid } of this.#nodes) process.kill(pid, 'SIGUSR2');
    await this.#generator.post('Profiler.start');
  }

  /** Ends the profiles and puts them into a folder of that name. @throws Error when a process does not write its own */
  async stop(window: string): Promise<void> {
    for (const { pid } of this.#nodes) process.kill(pid, 'SIGUSR2');
    const { profile } = await this.#generator.post('Profiler.stop');
    const folder = join(this.#folder, window);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'generator.cpuprofile'), JSON.stringify(profile));
    for (const { name } of this.#nodes) {
      await untilThere(() => existsSync(this.#file(name)), `${name} wrote no profile`);
      renameSync(this.#file(name), join(folder, `${name}.cpuprofile`));
    }
  }

  #file(node: string): string {
    return join(this.#folder, `${node}.cpuprofile`);
  }
}

async function leaveProfiler(pid: number, file: string): Promise<void> {
  process.kill(pid, 'SIGUSR1');
  let url: string | undefined;
  await untilThere(async () => (url = await debuggerOf()) !== undefined, `process ${pid} lets no debugger in`);
  const socket = new WebSocket(url ?? '');
  const answered = new Promise((resolve, reject) => {
    socket.addEventListener('message', resolve);
    socket.addEventListener('error', reject);
  });
  socket.addEventListener('open', () => {
    const params = { expression: `(${profilerAt.toString()})(${JSON.stringify(file)}, ${interval})` };
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }));
  });
  await answered;
  // The next process listens at the same port.
  await untilThere(async () => (await debuggerOf()) === undefined, `process ${pid} keeps its debugger`);
}

async function debuggerOf(): Promise<string | undefined> {
  try {
    const [target] = (await (await fetch(debuggerUrl)).json()) as Array<{ readonly webSocketDebuggerUrl: string }>;
    return target?.webSocketDebuggerUrl;
  } catch {
    return undefined;
  }
}

/** Runs in the process that is profiled, by its source text: it may use nothing from outside. */
function profilerAt(file: string, interval: number): void {
  const { Session, close } = process.getBuiltinModule('node:inspector');
  const { renameSync, writeFileSync } = process.getBuiltinModule('node:fs');
  const session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval });
  let isRunning = false;
  process.on('SIGUSR2', () => {
    isRunning = !isRunning;
    if (isRunning) session.post('Profiler.start');
    else {
      session.post('Profiler.stop', (error, { profile }) => {
        writeFileSync(`${file}.part`, JSON.stringify(error ?? profile));
        renameSync(`${file}.part`, file);
      });
    }
  });
  setTimeout(close, 10);
}

async function untilThere(condition: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  const deadlineMs = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(otherwise);
    await sleep(20);
  }
}
