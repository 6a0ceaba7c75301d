// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMemoryFile, unforgottenPackets } from '../notary';

/**
 * Lets the notaries of a restored network remember the packets that they signed in the one that it replaces: a packet id
 * has one content in all histories of a chain. What they said of receipts is left behind, because the restored ledgers may
 * answer a packet in another way, which they must be able to sign.
 */
export function carrySignedPackets({ old, restored }: { readonly old: string; readonly restored: string }): void {
  const notaries = join(old, 'notaries');
  if (!existsSync(notaries)) return;
  for (const name of readdirSync(notaries)) {
    const data = join('notaries', name, 'data');
    const files = existsSync(join(old, data)) ? readdirSync(join(old, data)).filter(isMemoryFile) : [];
    for (const file of files) {
      const [from, to] = [join(old, data, file), join(restored, data, file)];
      const known = existsSync(to) ? readFileSync(to, 'utf8') : '';
      mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
      writeFileSync(to, unforgottenPackets(known, readFileSync(from, 'utf8')), { mode: 0o600 });
    }
  }
}
