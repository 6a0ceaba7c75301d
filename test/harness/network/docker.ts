// SPDX-License-Identifier: Apache-2.0

import { execFileSync } from 'node:child_process';

/** Words that docker prints; none where there is no engine, which then has nothing of ours either. */
export function docker(...parameters: readonly string[]): readonly string[] {
  try {
    const output = execFileSync('docker', parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return output.split(/\s+/).filter((word) => word !== '');
  } catch {
    return [];
  }
}
