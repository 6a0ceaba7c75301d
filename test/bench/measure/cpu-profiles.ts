// SPDX-License-Identifier: Apache-2.0

import { networkStatus } from '@gridpeg/network';
import { type LaneId } from '@gridpeg/protocol';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { waitUntil } from '../../harness/wait-until';
import { notariesOf } from './notaries';
import { sharesByPackage, type ProfileShares } from './profile-shares';

/** Where Node listens for a debugger once SIGUSR1 has asked it to; one process at a time has it. */
const debuggerUrl = 'http://127.0.0.1:9229/json/list';
const [patienceSeconds, pollMs] = [10, 20];
/** Microseconds between samples. */
const interval = 2000;

/** A process that is profiled, and what it is shown as. */
interface ProfiledNode {
  readonly name: string;
  readonly pid: number;
  readonly kind: string;
}

/**
 * CPU profiles of the network's Node processes and of this one, a file for each process and measured window.
 *
 * The processes run as they always do: a debugger attaches to each in turn, leaves a profiler there that a signal
 * starts and stops, and goes away.
 */
export class CpuProfiles {
  readonly #folder: string;
  readonly #generator = new Session();
  readonly #nodes: readonly ProfiledNode[];
  readonly #shares = new Map<string, ProfileShares>();

  private constructor(folder: string, nodes: readonly ProfiledNode[]) {
    this.#folder = folder;
    this.#nodes = nodes;
  }

  /**
   * @param laneId - who leads it is told apart from the other notaries
   * @throws Error when a process lets no debugger in
   */
  static async prepare(stateDir: string, folder: string, laneId: LaneId): Promise<CpuProfiles> {
    mkdirSync(folder, { recursive: true });
    const [leader] = await notariesOf(stateDir, laneId);
    const nodes = (await networkStatus({ stateDir })).flatMap(({ name, kind, pid }) => {
      if (pid === undefined || (kind !== 'chaincode' && kind !== 'service')) return [];
      if (kind === 'chaincode') return { name, pid, kind };
      return { name, pid, kind: name === leader.node ? 'leading notary' : 'standby notary' };
    });
    const profiles = new CpuProfiles(folder, nodes);
    for (const { name, pid } of nodes) await leaveProfiler(pid, profiles.#file(name));
    profiles.#generator.connect();
    await profiles.#generator.post('Profiler.enable');
    await profiles.#generator.post('Profiler.setSamplingInterval', { interval });
    return profiles;
  }

  /** Of each window so far, where the time of each kind of process went; of several of one name, the last. */
  get shares(): readonly ProfileShares[] {
    return [...this.#shares.values()];
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
    const byKind = new Map([['generator', [profile]]]);
    for (const { name, kind } of this.#nodes) {
      const isThere = (): Promise<boolean> => Promise.resolve(existsSync(this.#file(name)));
      await waitUntil(`${name} has written its profile`, isThere, patienceSeconds, pollMs);
      const file = join(folder, `${name}.cpuprofile`);
      renameSync(this.#file(name), file);
      const found = JSON.parse(readFileSync(file, 'utf8')) as Profiler.Profile;
      byKind.set(kind, [...(byKind.get(kind) ?? []), found]);
    }
    for (const [kind, profiles] of byKind) {
      this.#shares.set(`${window}: ${kind}`, { window, kind, ...sharesByPackage(profiles) });
    }
  }

  #file(node: string): string {
    return join(this.#folder, `${node}.cpuprofile`);
  }
}

async function leaveProfiler(pid: number, file: string): Promise<void> {
  process.kill(pid, 'SIGUSR1');
  const url = await waitUntil(`process ${pid} lets a debugger in`, debuggerOf, patienceSeconds, pollMs);
  const socket = new WebSocket(url);
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
  const isFree = async (): Promise<boolean> => (await debuggerOf()) === undefined;
  await waitUntil(`process ${pid} lets its debugger go`, isFree, patienceSeconds, pollMs);
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
