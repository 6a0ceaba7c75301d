// SPDX-License-Identifier: Apache-2.0

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type ProposalBytes } from '@gridpeg/protocol';
import { repositoryDir } from '../cli/gridpeg';
import { proposalMessage } from './real-proposals';

/** What Fabric's peer makes of a proposal: `refused` says why it would not execute it. */
export interface Execution {
  readonly channel: string;
  readonly chaincode: string;
  /** Function and arguments, in base64. */
  readonly args: readonly string[] | null;
  /** The bytes in hexadecimal digits. */
  readonly proposalHash: string;
  readonly refused: string;
}

/** Lets Fabric's own code read the proposals, all in one process. */
export async function unpackProposals(proposals: readonly ProposalBytes[]): Promise<readonly Execution[]> {
  // Built as Fabric's programs are, so that what was compiled for them serves here too.
  const run = ['CGO_ENABLED=0', 'go', 'run', '-trimpath', '-ldflags', '-s -w', './unpack-proposals'];
  const cwd = join(repositoryDir, 'network', 'fabric');
  const unpacking = spawn('env', run, { cwd, stdio: ['pipe', 'pipe', 'inherit'] });
  const answers = text(unpacking.stdout);
  unpacking.stdin.end(proposals.map((proposal) => `${proposalMessage(proposal).toString('base64')}\n`).join(''));
  const [status] = (await once(unpacking, 'close')) as [number | null];
  if (status !== 0) throw new Error(`unpack-proposals ended with ${String(status)}`);
  const lines = (await answers).split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Execution);
}
