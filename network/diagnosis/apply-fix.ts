// SPDX-License-Identifier: Apache-2.0

import { chmod, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';

import { driverOf } from '../drivers/driver-of';
import { resumeNode, startNode } from '../nodes/node-control';
import type { Fix } from './finding';

/**
 * Carries out a fix. No fix changes a ledger or the content of a key.
 *
 * @returns what was done, as a sentence without a full stop
 * @throws NetworkError when it cannot be done
 */
export async function applyFix(stateDir: string, fix: Fix): Promise<string> {
  switch (fix.kind) {
    case 'restrict':
      await Promise.all(fix.files.map((file) => chmod(file, 0o600)));
      return `set mode 600 on ${countOf(fix.files, 'key')}`;
    case 'remove':
      await Promise.all(fix.files.map((file) => rm(file, { recursive: true, force: true })));
      return `removed ${countOf(fix.files, 'half written file')}`;
    case 'start':
      await startNode({ stateDir, node: fix.node });
      return `started ${fix.node}`;
    case 'resume':
      await resumeNode({ stateDir, node: fix.node });
      return `let ${fix.node} go on`;
    case 'end':
      // Somebody may have made the folder again since.
      if (existsSync(fix.stateDir)) return `left the processes of ${fix.stateDir} alone, which is there again`;
      await driverOf(fix.stateDir, 'native').killAll();
      return `ended ${countOf(fix.pids, 'process')} of ${fix.stateDir}`;
  }
}

function countOf(items: readonly unknown[], noun: string): string {
  const plural = noun.endsWith('s') ? 'es' : 's';
  return `${String(items.length)} ${noun}${items.length === 1 ? '' : plural}`;
}
