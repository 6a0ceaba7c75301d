// SPDX-License-Identifier: Apache-2.0

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { inContainers } from '../cli/gridpeg';
import { startFakeNode, type Place } from './fake-node';

/** A program that listens where somebody else should. */
export interface Impostor {
  readonly end: () => Promise<void>;
}

const mute = "require('node:net').createServer(() => {})";
const unwell = "require('node:http').createServer((_, response) => response.writeHead(503).end('the disk is on fire'))";

/** Listens at ports of this machine and says nothing. */
export async function startStranger(ports: readonly number[]): Promise<Impostor & { readonly pid: number }> {
  return startProcess(scriptOf(mute, ports, '127.0.0.1'), {});
}

/**
 * Listens at ports, and says nothing or that it is not well.
 *
 * @param as - the node that it passes itself off as, which is dead
 */
export async function startImpostor(
  ports: readonly number[],
  as: Place,
  says: 'nothing' | 'unwell' = 'nothing',
): Promise<Impostor> {
  const server = says === 'nothing' ? mute : unwell;
  if (inContainers) return { end: await startFakeNode(as, ports, scriptOf(server, ports, '0.0.0.0')) };
  return startProcess(scriptOf(server, ports, '127.0.0.1'), { GRIDPEG_PROCESS_OF: as.stateDir, GRIDPEG_NODE: as.node });
}

function scriptOf(server: string, ports: readonly number[], address: string): string {
  return (
    `let n = 0; for (const port of ${JSON.stringify(ports)}) ${server}.listen(port, '${address}', ` +
    `() => { if (++n === ${ports.length.toString()}) console.log('up') })`
  );
}

async function startProcess(
  script: string,
  marks: Readonly<Record<string, string>>,
): Promise<Impostor & { readonly pid: number }> {
  const child: ChildProcess = spawn(process.execPath, ['-e', script], {
    detached: true,
    // eslint-disable-next-line no-restricted-properties -- what is started here runs where the tests run
    env: { ...process.env, ...marks },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null || child.pid === undefined) throw new Error('the impostor did not start');
  await once(child.stdout, 'data');
  const ended = once(child, 'exit');
  return {
    pid: child.pid,
    end: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
