// SPDX-License-Identifier: Apache-2.0

import { spawn } from 'node:child_process';

import { NetworkError } from '../../runtime/network-error';
import type { ToolCall, ToolResult } from './driver';

/** Output beyond this is dropped; Fabric's commands print a few kilobytes. */
const outputLimit = 4 * 1024 * 1024;

/**
 * Runs a command to its end.
 *
 * @throws NetworkError TOOL_TIMEOUT if it was killed for taking too long, TOOL_FAILED if it cannot be started; an exit
 * status is no error here
 */
export function runTool({ command, env, cwd, timeoutSeconds = 60 }: ToolCall): Promise<ToolResult> {
  const [program = '', ...parameters] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, parameters, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let log = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, timeoutSeconds * 1000);
    const collect = (stream: NodeJS.ReadableStream, isOutput: boolean): void => {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        if (log.length > outputLimit) return;
        log += chunk;
        if (isOutput) output += chunk;
      });
    };
    collect(child.stdout, true);
    collect(child.stderr, false);
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(new NetworkError('TOOL_FAILED', `${program} cannot be run: ${error.message}`, 'Check that it exists.'));
    });
    child.on('close', (status) => {
      clearTimeout(timer);
      if (late) reject(timedOut(command, timeoutSeconds, log));
      else resolve({ status: status ?? -1, output, log });
    });
  });
}

function timedOut(command: readonly string[], timeoutSeconds: number, log: string): NetworkError {
  return new NetworkError(
    'TOOL_TIMEOUT',
    `"${command.slice(0, 4).join(' ')} ..." did not end within ${String(timeoutSeconds)} s`,
    'Look at the nodes it talks to, they may be down or overloaded.',
    log.slice(-2000),
  );
}
