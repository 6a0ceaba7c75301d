// SPDX-License-Identifier: Apache-2.0

import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { NetworkError } from '../../runtime/network-error';
import { pollUntil } from '../../runtime/poll-until';
import { causeIn, didNotStart } from '../driver/did-not-start';
import type { Driver, LogOptions, NodeProcess, NodeSpec, ToolCall, ToolResult } from '../driver/driver';
import { followLines, lastLines } from '../driver/log-lines';
import { accepts, isFree } from '../driver/loopback-port';
import {
  markedCommand,
  markedProcesses,
  nodeMarker,
  residentBytes,
  stateMarker,
  type MarkedProcess,
  stillMarked,
} from './marked-processes';
import { runTool } from '../driver/run-tool';
import { killUntilGone, signal } from './kill-until-gone';

const loopbackAddress = '127.0.0.1';
const readySeconds = 60;
const stopSeconds = 10;
const closeSeconds = 3;
const portlessMilliseconds = 300;

/** Runs nodes as detached processes of this machine. */
export class NativeDriver implements Driver {
  readonly bindAddress = loopbackAddress;
  readonly #stateDir: string;

  /** @param stateDir - absolute; logs go to its folder `logs` */
  constructor(stateDir: string) {
    this.#stateDir = stateDir;
  }

  hostOf(): string {
    return loopbackAddress;
  }

  async start(node: NodeSpec): Promise<void> {
    const alive = this.#processesOf(node.name).find(({ leader }) => leader);
    if (alive !== undefined) {
      await this.#waitUntilReady(node, alive.pid);
      return;
    }
    // Children that outlive a node's first process would keep its ports.
    await this.kill(node.name);
    await this.#requireFreePorts(node);
    await this.#waitUntilReady(node, this.#spawn(node));
  }

  async stop(node: string): Promise<void> {
    const found = this.#processesOf(node);
    for (const { pid } of found) {
      signal(pid, 'SIGTERM');
      signal(pid, 'SIGCONT');
    }
    await pollUntil(() => stillMarked(this.#stateDir, found).length === 0, {
      timeoutMs: stopSeconds * 1000,
      pollMs: 20,
    });
    await this.kill(node);
  }

  async kill(node: string): Promise<void> {
    await killUntilGone(this.#stateDir, () => this.#processesOf(node));
  }

  async killAll(): Promise<void> {
    await killUntilGone(this.#stateDir, () => markedProcesses(this.#stateDir));
  }

  async killTools(): Promise<void> {
    await killUntilGone(this.#stateDir, () => markedProcesses(this.#stateDir).filter(({ node }) => node === undefined));
  }

  async pause(node: string): Promise<void> {
    await this.#signalUntil(node, 'SIGSTOP', ({ paused }) => paused);
  }

  async resume(node: string): Promise<void> {
    await this.#signalUntil(node, 'SIGCONT', ({ paused }) => !paused);
  }

  status(): Promise<ReadonlyMap<string, NodeProcess>> {
    const leaders = markedProcesses(this.#stateDir).filter(({ leader }) => leader);
    const nodes = new Map<string, NodeProcess>(
      leaders.flatMap(({ node, pid, paused }) =>
        node === undefined
          ? []
          : [[node, { state: paused ? 'paused' : 'running', pid, residentBytes: residentBytes(pid) }]],
      ),
    );
    return Promise.resolve(nodes);
  }

  async *logs(node: string, { lines, follow }: LogOptions): AsyncGenerator<string> {
    if (follow === undefined) yield await lastLines(this.#logFile(node), lines);
    else yield* followLines(this.#logFile(node), lines, follow);
  }

  #logFile(node: string): string {
    return join(this.#stateDir, 'logs', `${node}.log`);
  }

  run(tool: ToolCall): Promise<ToolResult> {
    return runTool({ ...tool, command: markedCommand(this.#stateDir, tool.command) });
  }

  #processesOf(node: string): readonly MarkedProcess[] {
    return markedProcesses(this.#stateDir).filter((process) => process.node === node);
  }

  /** The kernel stops the threads of a process one by one, so that it takes effect a little later. */
  async #signalUntil(node: string, name: NodeJS.Signals, isDone: (process: MarkedProcess) => boolean): Promise<void> {
    for (const { pid } of this.#processesOf(node)) signal(pid, name);
    await pollUntil(() => this.#processesOf(node).every(isDone), { timeoutMs: stopSeconds * 1000, pollMs: 10 });
  }

  async #requireFreePorts({ name, ports }: NodeSpec): Promise<void> {
    for (const [purpose, port] of Object.entries(ports)) {
      if (await becomesFree(port)) continue;
      throw new NetworkError(
        'PORT_TAKEN',
        `${name} cannot listen at 127.0.0.1:${String(port)} (${purpose}): another program has it`,
        `End that program (ss -ltnp 'sport = :${String(port)}' names it), then run this again.`,
      );
    }
  }

  #spawn(node: NodeSpec): number {
    const [program = '', ...parameters] = node.command;
    mkdirSync(join(this.#stateDir, 'logs'), { recursive: true, mode: 0o700 });
    const log = openSync(this.#logFile(node.name), 'a', 0o600);
    const child = spawn(program, parameters, {
      cwd: node.cwd,
      env: { ...node.env, [stateMarker]: this.#stateDir, [nodeMarker]: node.name },
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    child.on('error', () => undefined); // reported below: without a pid nothing was started
    child.unref();
    if (child.pid === undefined) {
      throw new NetworkError(
        'NODE_DID_NOT_START',
        `${node.name} did not start: ${program} cannot be run in ${node.cwd}`,
        'Check that both exist.',
      );
    }
    return child.pid;
  }

  /** The last log lines of a node that has ended. */
  async #lastLogLines(node: string): Promise<string> {
    return causeIn(await lastLines(this.#logFile(node), 300));
  }

  async #waitUntilReady(node: NodeSpec, pid: number): Promise<void> {
    const waiting = new Set(Object.values(node.ports));
    // A node without a port that has not ended by now has at least found its program and its files.
    if (waiting.size === 0) await sleep(portlessMilliseconds);
    const how = await pollUntil(
      async () => {
        for (const port of waiting) if (await accepts(port)) waiting.delete(port);
        if (!isAlive(pid)) return 'ended';
        return waiting.size === 0 && 'listens';
      },
      { timeoutMs: readySeconds * 1000, pollMs: 50 },
    );
    if (how === 'listens') return;
    throw didNotStart(node, `${how ?? `did not listen within ${String(readySeconds)} s`} while starting`, {
      words: await this.#lastLogLines(node.name),
      log: this.#logFile(node.name),
      stateDir: this.#stateDir,
    });
  }
}

/**
 * A process loses its environment, by which it is found, before its sockets. So the port of one that has just ended is
 * free soon.
 */
async function becomesFree(port: number): Promise<boolean> {
  return (await pollUntil(() => isFree(port), { timeoutMs: closeSeconds * 1000, pollMs: 20 })) === true;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
