// SPDX-License-Identifier: Apache-2.0

import { networkStatus } from '@gridpeg/network';

/** How many messages about state its peers have had from the chaincode of a channel, by type: Fabric's own count. */
export async function shimRequests(stateDir: string, channel: string): Promise<Readonly<Record<string, number>>> {
  const peers = (await networkStatus({ stateDir })).filter(({ kind }) => kind === 'peer');
  const counts: Record<string, number> = {};
  for (const { ports } of peers) {
    const response = await fetch(`http://127.0.0.1:${ports['operations']}/metrics`);
    for (const [, labels = '', count] of (await response.text()).matchAll(
      /^chaincode_shim_requests_received\{(.*)\} (\d+)$/gm,
    )) {
      const type = /type="(\w+)"/.exec(labels)?.[1];
      if (type === undefined || !labels.includes(`channel="${channel}"`)) continue;
      counts[type] = (counts[type] ?? 0) + Number(count);
    }
  }
  return counts;
}
