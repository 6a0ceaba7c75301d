// SPDX-License-Identifier: Apache-2.0

import { CommanderError } from 'commander';
import { orClockSkew } from '../consortium/clock-skew';
import { isForPrograms } from './context/command-context';
import { toJson } from './context/command-result';
import { gridpegCommand } from './gridpeg-command';
import { describeFailure } from '../errors/describe-failure';
import { onStrayRejection } from './context/stray-rejections';

async function main(): Promise<void> {
  const program = gridpegCommand();
  try {
    await program.parseAsync();
  } catch (error) {
    const { state } = program.opts<{ state: string }>();
    if (!(error instanceof CommanderError)) report(await orClockSkew(state, error));
    else if (error.exitCode !== 0) reportUsage(error);
  }
  // Connections to nodes that hang would keep the process for minutes.
  process.exit();
}

/** Commander has printed it already, except when the output is for programs. */
function reportUsage({ message }: CommanderError): void {
  process.exitCode = 2;
  if (!isForPrograms()) return;
  const told = message
    .replace(/^error: /, '')
    .replace(/\s+/g, ' ')
    .trim();
  process.stdout.write(`${toJson({ code: 'USAGE', message: `${told}. See \`gridpeg --help\`.`, class: 'drop' })}\n`);
}

function report(error: unknown): void {
  const { exitStatus, ...failure } = describeFailure(error);
  const { code, message, detail } = failure;
  process.exitCode = exitStatus;
  if (isForPrograms()) {
    process.stdout.write(`${toJson(failure)}\n`);
    return;
  }
  process.stderr.write(`${code}: ${message}\n`);
  if (detail !== undefined) process.stderr.write(`${detail}\n`);
  if (process.env['GRIDPEG_TRACE'] !== undefined && error instanceof Error)
    process.stderr.write(`${error.stack ?? ''}\n`);
}

// A closed output, as after `head`, is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

onStrayRejection((reason) => {
  process.stderr.write(`${describeFailure(reason).message}\n`);
  process.exitCode = 1;
});

void main();
