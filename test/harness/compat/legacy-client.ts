// SPDX-License-Identifier: Apache-2.0

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryDir } from '../cli/gridpeg';

const run = promisify(execFile);
const folder = join(repositoryDir, 'test', 'legacy-client');

/** The input of the application; see test/legacy-client/app.cjs. */
export interface LegacyCall {
  /** The path of the connection profile. */
  readonly profile: string;
  /** The folder of the wallet. */
  readonly wallet: string;
  readonly label: string;
  readonly channel: string;
  readonly chaincode: string;
  readonly evaluate: readonly [functionName: string, argument: string];
  readonly submit: readonly [functionName: string, argument: string];
}

/** What it saw. */
export interface LegacyResponse {
  readonly evaluated: string;
  readonly submitted: string;
  readonly event: {
    readonly name: string;
    readonly payload: string;
    readonly transactionId: string;
    readonly status: string;
  };
}

/** Runs the application on fabric-network 2 in a process of its own. @throws Error with what it wrote to stderr */
export async function runLegacyClient(call: LegacyCall): Promise<LegacyResponse> {
  await installLegacyClient();
  const { stdout } = await run(process.execPath, ['--no-deprecation', join(folder, 'app.cjs'), JSON.stringify(call)]);
  return JSON.parse(stdout) as LegacyResponse;
}

/**
 * Installs what the application needs into its own folder, unless that is there in the versions of the lock file.
 * Nothing else may need it, so no other command does this.
 */
async function installLegacyClient(): Promise<void> {
  const wanted = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  const stamp = join(folder, 'node_modules', '.gridpeg-installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
    cwd: folder,
  });
  writeFileSync(stamp, wanted);
}
