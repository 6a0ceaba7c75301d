// SPDX-License-Identifier: Apache-2.0

import { chaincodeDigests, networkStatus, refreshChaincode } from '@gridpeg/network';
import { type Command } from 'commander';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type CommandContext } from '../../context/command-context';
import { contextOf, examples } from '../../context/command-line';
import { describeFailure } from '../../../errors/describe-failure';
import { formatTable } from '../../output/format-table';

const POLL_MILLISECONDS = 150;
const columns = [{ heading: 'SERVICE' }, { heading: 'DEBUGGER' }];

/** `dev`: chaincode is started anew as it is written. */
export function addDevCommand(program: Command): void {
  program
    .command('dev')
    .description(
      'compile chaincode as it is written and start its services anew, without a round of the life cycle; debuggers ' +
        'can attach. Until interrupted',
    )
    .addHelpText(
      'after',
      examples(
        ['gridpeg up && gridpeg dev', 'change a file below chaincode/ and invoke again'],
        ['gridpeg dev --json', 'one JSON document a line for every start'],
      ),
    )
    .action(async (_options: unknown, command: Command) => {
      const context = contextOf(command);
      const interrupted = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.once(signal, () => {
          interrupted.abort();
        });
      }
      await develop(context, interrupted.signal);
    });
}

async function develop(context: CommandContext, interrupted: AbortSignal): Promise<void> {
  const { stateDir } = context;
  let running = digestOf(stateDir);
  const compiler = startCompiler([...chaincodeDigests(stateDir).keys()], context);
  try {
    await refresh(context);
    await printInspectors(context);
    context.tell('Watching the chaincode. Ctrl-C ends it.');
    let seen = running;
    while (!interrupted.aborted) {
      await delay(POLL_MILLISECONDS, undefined, { signal: interrupted }).catch(() => undefined);
      const now = digestIfBuilt(stateDir);
      // Twice the same: the compiler has written all that it has to write.
      if (now !== undefined && now === seen && now !== running) {
        running = now;
        await refresh(context);
      }
      seen = now ?? seen;
    }
  } finally {
    await compiler?.terminate();
    // Without debuggers, which whoever reaches the port could be.
    await refreshChaincode({ stateDir, inspect: false });
  }
}

/** Starts what has changed; code that does not start is told of, and the next change may mend it. */
async function refresh(context: CommandContext): Promise<void> {
  const start = performance.now();
  try {
    const nodes = await refreshChaincode({ stateDir: context.stateDir, inspect: true });
    const seconds = Math.round(performance.now() - start) / 1000;
    if (context.json) context.print(JSON.stringify({ started: nodes, seconds }));
    else if (nodes.length > 0) context.print(`started in ${seconds.toFixed(1)} s: ${nodes.join(', ')}`);
  } catch (error) {
    const { code, message, detail } = describeFailure(error);
    if (context.json) context.print(JSON.stringify({ code, message, detail }));
    else context.tell([`${code}: ${message}`, ...(detail === undefined ? [] : [detail])].join('\n'));
  }
}

async function printInspectors({ stateDir, json, print }: CommandContext): Promise<void> {
  const nodes = (await networkStatus({ stateDir })).filter(({ ports }) => ports['inspect'] !== undefined);
  const inspectors = nodes.map(({ name, ports }) => ({
    node: name,
    inspector: `127.0.0.1:${String(ports['inspect'])}`,
  }));
  if (json) print(JSON.stringify({ inspectors }));
  else for (const line of formatTable(columns, inspectors.map(Object.values<string>))) print(line);
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
 * TypeScript's own compiler for those packages that are written in it, with what they refer to. A thread, not a process:
 * however this command ends, it leaves none behind.
 */
function startCompiler(folders: readonly string[], context: CommandContext): Worker | undefined {
  const projects = folders.filter((folder) => existsSync(join(folder, 'tsconfig.json')));
  const [first] = projects;
  if (first === undefined) return undefined;
  const program = createRequire(join(first, 'package.json')).resolve('typescript/lib/tsc.js');
  const argv = ['--build', '--watch', '--preserveWatchOutput', ...projects];
  const compiler = new Worker(program, { argv, stdout: true });
  createInterface({ input: compiler.stdout }).on('line', (line) => {
    if (line.trim() !== '') context.tell(line);
  });
  return compiler;
}
