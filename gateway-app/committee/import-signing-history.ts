// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isHistoryFile, SigningHistory } from '../notary';

/**
 * Lets the notaries of a restored network remember the packets that they signed in the one that it replaces: a packet
 * id has one content in all histories of a chain. What they said of receipts is left behind, because the restored
 * ledgers may answer a packet in another way, which they must be able to sign.
 */
export async function importSigningHistory({
  old,
  restored,
}: {
  readonly old: string;
  readonly restored: string;
}): Promise<void> {
  const notaries = join(old, 'notaries');
  if (!existsSync(notaries)) return;
  for (const name of readdirSync(notaries)) {
    const data = join('notaries', name, 'data');
    const files = existsSync(join(old, data)) ? readdirSync(join(old, data)).filter(isHistoryFile) : [];
    for (const file of files) {
      mkdirSync(join(restored, data), { recursive: true, mode: 0o700 });
      const signingHistory = await SigningHistory.open(join(restored, data, file));
      await signingHistory.takePackets(join(old, data, file));
      await signingHistory.close();
    }
  }
}
