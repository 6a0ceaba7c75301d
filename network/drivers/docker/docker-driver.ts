// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one class, the whole of the interface `Driver` for containers.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { z } from 'zod';

import { NetworkError } from '../../runtime/network-error';
import { writeJson, writeFileAtomic } from '../../runtime/write-file-atomic';
import { pollUntil } from '../../runtime/poll-until';
import { didNotStart } from '../driver/did-not-start';
import type { Driver, Environment, LogOptions, NodeProcess, NodeSpec, ToolCall, ToolResult } from '../driver/driver';
import { isFree } from '../driver/loopback-port';
import { residentBytesOfTree } from '../native/marked-processes';
import { NativeDriver } from '../native/native-driver';
import {
  containerOf,
  hostNameOf,
  nodeLabel,
  projectOf,
  renderCompose,
  stateLabel,
  type ComposedNode,
} from './compose-file';
import { commandFailed, ContainerEngine, findContainerCommands } from './container-engine';
import { Images } from './images';

const readySeconds = 180;
const stopSeconds = 10;
/** A port is published before the node listens: the engine takes a connection and drops it at once. */
const droppedMilliseconds = 150;

const commandsSchema = z.strictObject({
  cli: z.array(z.string()).readonly(),
  compose: z.array(z.string()).readonly(),
});

/** Runs nodes as containers of one Compose project; commands that end by themselves run on this machine. */
export class DockerDriver implements Driver {
  readonly bindAddress = '0.0.0.0';
  readonly #stateDir: string;
  readonly #environment: Environment;
  readonly #tools: NativeDriver;
  readonly #composed = new Map<string, ComposedNode>();
  #engine: Promise<{ readonly engine: ContainerEngine; readonly images: Images }> | undefined;
  #lastStatus: Promise<unknown> = Promise.resolve();
  /** The next status request, which is sent when the last one has been answered. */
  #nextStatus: Promise<ReadonlyMap<string, NodeProcess>> | undefined;
  readonly #waiting: string[] = [];
  #last: Promise<void> = Promise.resolve();
  /** The next call, which takes what is waiting when the last one has ended. */
  #next: Promise<void> | undefined;

  /**
   * @param stateDir - absolute; the Compose file goes there
   * @param environment - the caller's; looked at when the network is first made, and remembered
   */
  constructor(stateDir: string, environment: Environment = {}) {
    this.#stateDir = stateDir;
    this.#environment = environment;
    this.#tools = new NativeDriver(stateDir);
  }

  hostOf(node: string): string {
    return hostNameOf(node);
  }

  async start(node: NodeSpec): Promise<void> {
    const state = (await this.status()).get(node.name)?.state;
    if (state === undefined) {
      await this.#requireFreePorts(node);
      const { images } = await this.#connected();
      this.#compose({ spec: node, ...(await images.imageOf(node)) });
      await this.#up(node.name);
    } else if (state === 'paused') await this.resume(node.name);
    await this.#waitUntilReady(node);
  }

  async stop(node: string): Promise<void> {
    await this.resume(node);
    await this.#command(['stop', '--time', String(stopSeconds)], node);
  }

  async kill(node: string): Promise<void> {
    await this.#command(['kill'], node);
  }

  async pause(node: string): Promise<void> {
    await this.#command(['pause'], node);
  }

  async resume(node: string): Promise<void> {
    await this.#command(['unpause'], node);
  }

  /**
   * Nodes that are started together share one request. Whoever asks during a request gets the next answer, never an
   * older one.
   */
  status(): Promise<ReadonlyMap<string, NodeProcess>> {
    this.#nextStatus ??= this.#lastStatus.then(() => {
      this.#nextStatus = undefined;
      const asking = this.#askStatus();
      this.#lastStatus = asking.catch(() => undefined);
      return asking;
    });
    return this.#nextStatus;
  }

  async #askStatus(): Promise<ReadonlyMap<string, NodeProcess>> {
    if (!existsSync(this.#composeFile)) return new Map();
    const { engine } = await this.#connected();
    const ids = (await engine.must(['ps', '--all', '--quiet', '--filter', this.#filter])).split(/\s+/).filter(Boolean);
    if (ids.length === 0) return new Map();
    const format = `{{index .Config.Labels "${nodeLabel}"}} {{.State.Status}} {{.State.Pid}}`;
    // A container may be gone since it was listed, which is no failure.
    const { output } = await engine.run(['inspect', '--type', 'container', '--format', format, ...ids]);
    return new Map(
      output.split('\n').flatMap((line): [string, NodeProcess][] => {
        const [name = '', state = '', pid = ''] = line.split(' ');
        if (state !== 'running' && state !== 'paused') return [];
        const process = Number(pid);
        return [[name, { state, pid: process, residentBytes: residentBytesOfTree(process) }]];
      }),
    );
  }

  async *logs(node: string, options: LogOptions): AsyncGenerator<string> {
    const { engine } = await this.#connected();
    yield* engine.logs(containerOf(this.#stateDir, node), options);
  }

  run(tool: ToolCall): Promise<ToolResult> {
    return this.#tools.run(tool);
  }

  async killTools(): Promise<void> {
    await this.#tools.killTools();
  }

  async killAll(): Promise<void> {
    await this.#tools.killTools();
    const engine = await this.#engineToEndBy();
    if (engine === undefined) return;
    const list = async (...what: readonly string[]): Promise<readonly string[]> =>
      (await engine.must([...what, '--quiet', '--filter', this.#filter])).split(/\s+/).filter((id) => id !== '');
    // Compose may be about to make another one for a caller that was killed.
    for (let ids = await list('ps', '--all'); ids.length > 0; ids = await list('ps', '--all')) {
      await engine.run(['rm', '--force', '--volumes', ...ids]);
    }
    for (const id of await list('network', 'ls')) await engine.must(['network', 'rm', id]);
  }

  /** Where the files of a network are gone, its containers may still run: the engine is asked, if there is one. */
  async #engineToEndBy(): Promise<ContainerEngine | undefined> {
    if (existsSync(this.#composeFile)) return (await this.#connected()).engine;
    if (existsSync(this.#stateDir)) return undefined;
    const commands = await findContainerCommands(this.#environment).catch(() => undefined);
    return commands === undefined ? undefined : new ContainerEngine('/', commands);
  }

  get #composeFile(): string {
    return join(this.#stateDir, 'compose.yaml');
  }

  get #filter(): string {
    return `label=${stateLabel}=${this.#stateDir}`;
  }

  async #command(parameters: readonly string[], node: string): Promise<void> {
    const { engine } = await this.#connected();
    // A container that is absent, not running or not paused is in the requested state already.
    const { status, log } = await engine.run([...parameters, containerOf(this.#stateDir, node)]);
    if (status === 0 || /no such container|is not (running|paused)|already paused/i.test(log)) return;
    throw commandFailed([...parameters, node], log);
  }

  #connected(): Promise<{ readonly engine: ContainerEngine; readonly images: Images }> {
    this.#engine ??= this.#connect();
    return this.#engine;
  }

  async #connect(): Promise<{ readonly engine: ContainerEngine; readonly images: Images }> {
    const file = join(this.#stateDir, 'containers.json');
    if (!existsSync(file)) {
      const found = await findContainerCommands(this.#environment);
      writeJson(file, found);
    }
    const engine = new ContainerEngine(this.#stateDir, commandsSchema.parse(JSON.parse(readFileSync(file, 'utf8'))));
    return { engine, images: new Images(engine) };
  }

  /** Adds a node to the Compose file. What others have added stays: their containers would count as orphans. */
  #compose(node: ComposedNode): void {
    const file = join(this.#stateDir, 'composed.json');
    if (this.#composed.size === 0 && existsSync(file)) {
      for (const known of JSON.parse(readFileSync(file, 'utf8')) as readonly ComposedNode[]) {
        this.#composed.set(known.spec.name, known);
      }
    }
    const plain: unknown = JSON.parse(JSON.stringify(node));
    // The same content in another order is no change, so the second copy of the file remains valid.
    if (!isDeepStrictEqual(this.#composed.get(node.spec.name), plain)) {
      this.#composed.set(node.spec.name, node);
      writeJson(file, [...this.#composed.values()]);
    }
    const nodes = [...this.#composed.values()];
    const { uid, gid } = statSync(this.#stateDir);
    writeFileAtomic(this.#composeFile, renderCompose(this.#stateDir, `${String(uid)}:${String(gid)}`, nodes));
  }

  /**
   * Compose takes seconds for each call, so nodes that are requested during a call are started together by the next.
   */
  async #up(node: string): Promise<void> {
    this.#waiting.push(hostNameOf(node));
    this.#next ??= this.#last
      .catch(() => undefined)
      .then(async () => {
        const services = this.#waiting.splice(0);
        this.#next = undefined;
        const { engine } = await this.#connected();
        const project = ['--project-name', projectOf(this.#stateDir), '--file', this.#composeFile];
        await engine.compose([...project, 'up', '--detach', '--no-deps', '--no-build', ...services]);
      });
    this.#last = this.#next;
    await this.#last;
  }

  async #requireFreePorts({ name, ports }: NodeSpec): Promise<void> {
    for (const [purpose, port] of Object.entries(ports)) {
      if (await isFree(port)) continue;
      throw new NetworkError(
        'PORT_TAKEN',
        `${name} cannot be published at 127.0.0.1:${String(port)} (${purpose}): another program has it`,
        `End that program (ss -ltnp 'sport = :${String(port)}' names it), then run this again.`,
      );
    }
  }

  async #waitUntilReady(node: NodeSpec): Promise<void> {
    const ports = Object.values(node.ports);
    let round = 0;
    const isReady = async (): Promise<boolean> => {
      round += 1;
      const open = await Promise.all(ports.map(staysOpen));
      const listens = open.every(Boolean);
      // Asking the engine is expensive, so it is asked at intervals, and at the end.
      if (!listens && round % 10 !== 0) return false;
      if (!(await this.status()).has(node.name)) throw await this.#didNotStart(node, 'ended while starting');
      return listens;
    };
    if ((await pollUntil(isReady, { timeoutMs: readySeconds * 1000, pollMs: 200 })) === true) return;
    throw await this.#didNotStart(node, `did not listen within ${String(readySeconds)} s`);
  }

  async #didNotStart(node: NodeSpec, how: string): Promise<NetworkError> {
    const lines: string[] = [];
    for await (const piece of this.logs(node.name, { lines: 30 })) lines.push(piece);
    return didNotStart(node, how, {
      words: lines.join('\n').slice(-3000),
      log: `its log: docker logs ${containerOf(this.#stateDir, node.name)}`,
      stateDir: this.#stateDir,
    });
  }
}

function staysOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('error', end(false));
    socket.once('close', end(false));
    socket.once('connect', () => setTimeout(end(true), droppedMilliseconds));
  });
}
