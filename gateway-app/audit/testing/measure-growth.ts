// SPDX-License-Identifier: Apache-2.0

import { LedgerReading } from '../ledger-reading';
import { longSource } from './long-ledger';

/** `npm run audit:growth`: an audit of 300,000 blocks with 200,000 packets in flight, and the memory that it takes. */
async function measure(): Promise<void> {
  const reading = new LedgerReading([longSource({ transfers: 100_000, sends: 200_000 })]);
  const beganMs = performance.now();
  const { chains, findings } = await reading.audit();
  const later = findings.filter(({ block }) => block !== undefined && block > 0n);
  process.stdout.write(
    `${JSON.stringify({
      blocks: chains[0]?.height.toString(),
      findings: later.length,
      kept: reading.kept(),
      seconds: Math.round((performance.now() - beganMs) / 1000),
      cpuSeconds: Math.round((process.cpuUsage().user + process.cpuUsage().system) / 1e6),
      heapMiB: Math.round(process.memoryUsage().heapUsed / 2 ** 20),
      residentMiB: Math.round(process.resourceUsage().maxRSS / 2 ** 10),
    })}\n`,
  );
  if (later.length > 0) process.exitCode = 1;
}

void measure();
