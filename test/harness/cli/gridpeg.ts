// SPDX-License-Identifier: Apache-2.0

import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The repository, from where this file lies compiled. */
export const repositoryDir = resolve(__dirname, '..', '..', '..', '..');

/** The launcher of the command. */
export const launcher = join(repositoryDir, 'gateway-app', 'bin', 'gridpeg.js');

/** Whether `up` runs nodes in containers here, which is for the caller of the tests to say. */
// eslint-disable-next-line no-restricted-properties -- what is started here runs where the tests run
export const inContainers = process.env['GRIDPEG_DRIVER'] === 'docker';

/** How a command ended. */
export interface Ended {
  /** The exit status; undefined when a signal ended it. */
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way. */
export interface Running {
  readonly ended: Promise<Ended>;
  /** Everything that it has written so far, to both streams. */
  readonly output: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
}

/** Runs `gridpeg` to its end, as a user would. */
export function gridpeg(stateDir: string, ...parameters: readonly string[]): Promise<Ended> {
  return startGridpeg(stateDir, ...parameters).ended;
}

/** Starts `gridpeg`. */
export function startGridpeg(stateDir: string, ...parameters: readonly string[]): Running {
  return startGridpegIn({}, stateDir, ...parameters);
}

/** Surroundings of a command that differ from those of the test. */
export interface Surroundings {
  /** Environment variables beside those of the test. */
  readonly env?: Readonly<Record<string, string>>;
  /** A shell script that ends with `exec "$@"`. */
  readonly shell?: string;
}

/** Starts `gridpeg` in other surroundings. */
export function startGridpegIn(
  { env = {}, shell }: Surroundings,
  stateDir: string,
  ...parameters: readonly string[]
): Running {
  const own = [process.execPath, launcher, '--state', stateDir, ...parameters];
  const [program = '', ...rest] = shell === undefined ? own : ['/bin/sh', '-c', shell, 'sh', ...own];
  const child = spawn(program, rest, {
    cwd: tmpdir(),
    // eslint-disable-next-line no-restricted-properties -- what is started here runs where the tests run
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return running(child);
}

/** Runs any program to its end. */
export function runProgram(program: string, ...parameters: readonly string[]): Promise<Ended> {
  return startProgram(program, ...parameters).ended;
}

/** Starts any program. */
export function startProgram(program: string, ...parameters: readonly string[]): Running {
  return running(spawn(program, parameters, { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** Runs `gridpeg` and demands that it ends well. @throws Error with everything that it wrote */
export async function gridpegWell(stateDir: string, ...parameters: readonly string[]): Promise<Ended> {
  const ended = await gridpeg(stateDir, ...parameters);
  if (ended.status !== 0) {
    const { status, stdout, stderr } = ended;
    throw new Error(`gridpeg ${parameters.join(' ')}: exit status ${status ?? 'none'}\n${stderr}\n${stdout}`);
  }
  return ended;
}

function running(child: ChildProcess): Running {
  const [out, error, both] = [[] as Buffer[], [] as Buffer[], [] as Buffer[]];
  child.stdout?.on('data', (data: Buffer) => void (out.push(data), both.push(data)));
  child.stderr?.on('data', (data: Buffer) => void (error.push(data), both.push(data)));
  const text = (parts: readonly Buffer[]): string => Buffer.concat(parts).toString('utf8');
  const ended = new Promise<Ended>((done, fail) => {
    child.once('error', fail);
    child.once('close', (status) => {
      done({ status: status ?? undefined, stdout: text(out), stderr: text(error) });
    });
  });
  return { ended, output: () => text(both), kill: (signal) => void child.kill(signal) };
}
