// SPDX-License-Identifier: Apache-2.0

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A program that listens where somebody else should. */
export interface Impostor {
  readonly pid: number;
  readonly end: () => Promise<void>;
}

const mute = "require('node:net').createServer(() => {})";
const unwell = "require('node:http').createServer((_, response) => response.writeHead(503).end('the disk is on fire'))";

/**
 * Listens at ports and says nothing, or that it is not well.
 *
 * @param as - state folder and node whose process it passes itself off as; a stranger unless given
 */
export async function startImpostor(
  ports: readonly number[],
  as?: { readonly stateDir: string; readonly node: string },
  says: 'nothing' | 'unwell' = 'nothing',
): Promise<Impostor> {
  const server = says === 'nothing' ? mute : unwell;
  const script = `let n = 0; for (const port of ${JSON.stringify(ports)}) ${server}.listen(port, '127.0.0.1', () => { if (++n === ${ports.length.toString()}) console.log('up') })`;
  const marks = as === undefined ? {} : { GRIDPEG_PROCESS_OF: as.stateDir, GRIDPEG_NODE: as.node };
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
