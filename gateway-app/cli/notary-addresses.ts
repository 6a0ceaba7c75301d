// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const addressesSchema = z.record(
  z.string(),
  z.object({ host: z.literal('127.0.0.1'), port: z.int().min(1).max(65535) }),
);

/** Where each organization's notary listens, by MSP id. */
export type NotaryAddresses = z.output<typeof addressesSchema>;

/** Reads where the notaries listen; nothing when none was ever started. */
export function readAddresses(stateDir: string): NotaryAddresses {
  const file = addressesFile(stateDir);
  if (!existsSync(file)) return {};
  const parsed = addressesSchema.safeParse(parseJson(readFileSync(file, 'utf8')));
  return parsed.success ? parsed.data : {};
}

/**
 * Decides where notaries listen, before any is started: each of them is told the addresses of all.
 *
 * @param running - MSP ids of the notaries that run; they keep their ports, the others theirs as long as they are free
 */
export async function assignAddresses(
  stateDir: string,
  mspIds: readonly string[],
  running: ReadonlySet<string>,
): Promise<NotaryAddresses> {
  const before = readAddresses(stateDir);
  const addresses: NotaryAddresses = {};
  for (const mspId of mspIds) {
    const kept = before[mspId];
    const usable = kept !== undefined && (running.has(mspId) || (await freePort(kept.port)) !== undefined);
    const taken = new Set(Object.values(addresses).map(({ port }) => port));
    addresses[mspId] = usable ? kept : { host: '127.0.0.1', port: await anyFreePort(taken) };
  }
  const file = addressesFile(stateDir);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.partial`, `${JSON.stringify(addresses, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.partial`, file);
  return addresses;
}

function addressesFile(stateDir: string): string {
  return join(stateDir, 'notaries', 'addresses.json');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function anyFreePort(taken: ReadonlySet<number>): Promise<number> {
  const port = await freePort(0);
  return port === undefined || taken.has(port) ? anyFreePort(taken) : port;
}

/** @param port - 0 for any @returns the port if something can listen there */
function freePort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(undefined);
    });
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' ? address?.port : undefined);
      });
    });
  });
}
