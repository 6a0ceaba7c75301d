// SPDX-License-Identifier: Apache-2.0

import { chaincodeDigests, networkStatus, refreshChaincode, sleepUntilAborted } from '@gridpeg/network';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';

const POLL_MILLISECONDS = 150;

/** Where a debugger attaches to a chaincode service. */
interface Inspector {
  readonly node: string;
  readonly inspector: string;
}

/** What happens while chaincode is developed. */
export interface DevelopmentEvents {
  /** Services were restarted, in so many seconds; none when nothing had changed. */
  readonly started: (nodes: readonly string[], seconds: number) => void;
  /** The code does not start. */
  readonly failed: (error: unknown) => void;
  /** The first services run. */
  readonly watching: (inspectors: readonly Inspector[]) => void;
  /** The compiler wrote a line. */
  readonly compiler: (line: string) => void;
}

/**
 * Compiles chaincode as it is written and restarts its services, until interrupted. Code that does not start is
 * reported, and the next change may repair it.
 *
 * @throws NetworkError NETWORK_NOT_UP and others
 */
export async function develop(stateDir: string, events: DevelopmentEvents, interrupted: AbortSignal): Promise<void> {
  let running = digestOf(stateDir);
  const compiler = startCompiler([...chaincodeDigests(stateDir).keys()], events.compiler);
  try {
    await refresh(stateDir, events);
    events.watching(await inspectorsOf(stateDir));
    let seen = running;
    while (!interrupted.aborted) {
      await sleepUntilAborted(POLL_MILLISECONDS, interrupted);
      const now = digestIfBuilt(stateDir);
      // Twice the same: the compiler has written all that it has to write.
      if (now !== undefined && now === seen && now !== running) {
        running = now;
        await refresh(stateDir, events);
      }
      seen = now ?? seen;
    }
  } finally {
    await compiler?.terminate();
    // Without debuggers, which whoever reaches the port could be.
    await refreshChaincode({ stateDir, inspect: false });
  }
}

async function refresh(stateDir: string, { started, failed }: DevelopmentEvents): Promise<void> {
  const start = performance.now();
  try {
    const nodes = await refreshChaincode({ stateDir, inspect: true });
    started(nodes, Math.round(performance.now() - start) / 1000);
  } catch (error) {
    failed(error);
  }
}

async function inspectorsOf(stateDir: string): Promise<readonly Inspector[]> {
  const nodes = (await networkStatus({ stateDir })).filter(({ ports }) => ports['inspect'] !== undefined);
  return nodes.map(({ name, ports }) => ({ node: name, inspector: `127.0.0.1:${String(ports['inspect'])}` }));
}

function digestOf(stateDir: string): string {
  return [...chaincodeDigests(stateDir).values()].join();
}

/** Nothing while a compiler has a file away. */
function digestIfBuilt(stateDir: string): string | undefined {
  try {
    return digestOf(stateDir);
  } catch {
    return undefined;
  }
}

/**
 * TypeScript's own compiler for those packages that are written in it, with what they refer to. It runs in a thread:
 * however this ends, no process is left behind.
 */
function startCompiler(folders: readonly string[], report: (line: string) => void): Worker | undefined {
  const projects = folders.filter((folder) => existsSync(join(folder, 'tsconfig.json')));
  const [first] = projects;
  if (first === undefined) return undefined;
  const program = createRequire(join(first, 'package.json')).resolve('typescript/lib/tsc.js');
  const argv = ['--build', '--watch', '--preserveWatchOutput', ...projects];
  const compiler = new Worker(program, { argv, stdout: true });
  createInterface({ input: compiler.stdout }).on('line', (line) => {
    if (line.trim() !== '') report(line);
  });
  return compiler;
}
