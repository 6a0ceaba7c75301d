// SPDX-License-Identifier: Apache-2.0

import { spawn } from 'node:child_process';

import { NetworkError } from '../../runtime/network-error';
import type { LogOptions, ToolResult } from '../driver/driver';
import { markedCommand } from '../native/marked-processes';
import { runTool } from '../driver/run-tool';

/** The commands by which containers are run, each with its first arguments. */
export interface ContainerCommands {
  /** For example `['docker']`. */
  readonly cli: readonly string[];
  /** For example `['docker', 'compose']` or `['docker-compose']`. */
  readonly compose: readonly string[];
}

/** The time limit of the question whether there is an engine. */
const quickSeconds = 30;
/** An engine that starts dozens of containers on a busy machine has taken more than 30 s for its list of them. */
const commandSeconds = 120;
const composeSeconds = 300;
/** Docker-compose 1.29 waits 60 s for each answer of the engine. On a busy machine an answer may take longer. */
const patiently = `export COMPOSE_HTTP_TIMEOUT="\${COMPOSE_HTTP_TIMEOUT:-${String(composeSeconds)}}"; exec "$@"`;
/** The messages of docker, Compose and docker-compose when there is no engine, or none that the user may use. */
const engineDownPattern = /cannot connect to the docker daemon|docker daemon socket|while fetching server api version/i;

/**
 * Finds the commands: those that the Fabric samples' variables CONTAINER_CLI and CONTAINER_CLI_COMPOSE name, else
 * docker with Compose v2, else docker-compose.
 *
 * @param environment - the caller's
 * @throws NetworkError CONTAINER_CLI_MISSING, CONTAINER_ENGINE_DOWN, COMPOSE_MISSING
 */
export async function findContainerCommands(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ContainerCommands> {
  const cli = words(environment['CONTAINER_CLI']) ?? ['docker'];
  if ((await tryRun([...cli, '--version'])) === undefined) {
    throw new NetworkError(
      'CONTAINER_CLI_MISSING',
      `"${cli.join(' ')}" cannot be run`,
      'Install Docker (https://docs.docker.com/engine/install), or use --driver native.',
    );
  }
  const info = await tryRun([...cli, 'info', '--format', '{{.ServerVersion}}']);
  if (info?.status !== 0) {
    throw engineDown(info?.log.trim());
  }
  const named = words(environment['CONTAINER_CLI_COMPOSE']);
  const candidates = named === undefined ? [[...cli, 'compose'], ['docker-compose']] : [named];
  for (const compose of candidates) {
    if ((await tryRun([...compose, 'version']))?.status === 0) return { cli, compose };
  }
  throw new NetworkError(
    'COMPOSE_MISSING',
    `none of ${candidates.map((compose) => `"${compose.join(' ')}"`).join(', ')} can be run`,
    'Install Compose v2 (or docker-compose 1.29), or name it in CONTAINER_CLI_COMPOSE.',
  );
}

/**
 * A container engine and Compose, by their command lines. They read the environment of this process.
 */
export class ContainerEngine {
  readonly #stateDir: string;
  readonly #commands: ContainerCommands;

  /** @param stateDir - absolute; by it the commands are found should their caller end first */
  constructor(stateDir: string, commands: ContainerCommands) {
    this.#stateDir = stateDir;
    this.#commands = commands;
  }

  /** Runs the engine's command. An exit status is no error. */
  run(parameters: readonly string[], timeoutSeconds = commandSeconds): Promise<ToolResult> {
    const command = markedCommand(this.#stateDir, [...this.#commands.cli, ...parameters]);
    return runTool({ command, cwd: '/', timeoutSeconds });
  }

  /**
   * Runs the engine's command, which must succeed. @returns its output @throws NetworkError CONTAINER_COMMAND_FAILED
   */
  async must(parameters: readonly string[], timeoutSeconds = commandSeconds): Promise<string> {
    return succeeded(parameters, await this.run(parameters, timeoutSeconds));
  }

  /** Runs Compose, which must succeed. @throws NetworkError CONTAINER_COMMAND_FAILED */
  async compose(parameters: readonly string[]): Promise<void> {
    const patient = ['sh', '-c', patiently, 'sh', ...this.#commands.compose, ...parameters];
    const command = markedCommand(this.#stateDir, patient);
    succeeded(['compose', ...parameters], await runTool({ command, cwd: '/', timeoutSeconds: composeSeconds }));
  }

  /** What a container has written to both streams. */
  async *logs(container: string, { lines, follow }: LogOptions): AsyncGenerator<string> {
    const [program = '', ...parameters] = this.#commands.cli;
    const flags = ['logs', '--tail', String(lines), ...(follow === undefined ? [] : ['--follow'])];
    // The shell joins both streams, so that lines keep their order.
    const child = spawn('sh', ['-c', 'exec "$@" 2>&1', 'sh', program, ...parameters, ...flags, container], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const stop = (): void => {
      child.kill();
      child.stdout.destroy();
    };
    follow?.addEventListener('abort', stop);
    try {
      const text = child.stdout.setEncoding('utf8') as AsyncIterable<string>;
      yield* follow === undefined ? wholeText(text) : wholeLines(text);
    } catch (error) {
      // The error only says that the signal has ended the stream.
      if (follow?.aborted !== true) throw error;
    } finally {
      follow?.removeEventListener('abort', stop);
      child.kill();
    }
  }
}

async function* wholeText(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  yield text.trimEnd();
}

async function* wholeLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    rest += chunk;
    const end = rest.lastIndexOf('\n');
    if (end >= 0) yield rest.slice(0, end);
    rest = rest.slice(end + 1);
  }
}

function succeeded(command: readonly string[], { status, output, log }: ToolResult): string {
  if (status === 0) return output;
  throw commandFailed(command, log);
}

/** Why a command failed, as far as its output shows. */
export function commandFailed(command: readonly string[], log: string): NetworkError {
  if (engineDownPattern.test(log)) {
    return engineDown(log.trim());
  }
  const shown = command.filter((word) => !word.startsWith('-')).slice(0, 3);
  return new NetworkError(
    'CONTAINER_COMMAND_FAILED',
    `"${shown.join(' ')}" failed: ${lastLine(log)}`,
    'Look at the engine ("docker info", "docker ps -a"), then try again.',
    log.slice(-2000).trim(),
  );
}

function engineDown(detail: string | undefined): NetworkError {
  return new NetworkError(
    'CONTAINER_ENGINE_DOWN',
    'the container engine does not answer',
    'Start it (dockerd, or its service) and see that you may use it ("docker info").',
    detail,
  );
}

function lastLine(log: string): string {
  return log.trim().split('\n').pop() ?? '';
}

function words(text: string | undefined): readonly string[] | undefined {
  const found = (text ?? '').split(' ').filter((word) => word !== '');
  return found.length === 0 ? undefined : found;
}

async function tryRun(command: readonly string[]): Promise<ToolResult | undefined> {
  return runTool({ command, cwd: '/', timeoutSeconds: quickSeconds }).catch(() => undefined);
}
