// SPDX-License-Identifier: Apache-2.0

import { freePorts, isFree, parseState, writeJson } from '@gridpeg/network';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CommandError } from '../errors/command-error';

const addressesSchema = z.record(
  z.string(),
  z.object({ host: z.literal('127.0.0.1'), port: z.int().min(1).max(65535) }),
);

/** Where each organization's notary listens, by MSP id. */
export type NotaryAddresses = z.output<typeof addressesSchema>;

/**
 * Reads where the notaries listen; nothing when none was ever started. A file that cannot be read is not the same:
 * others would be told new addresses.
 *
 * @throws NetworkError STATE_UNREADABLE, STATE_VERSION
 */
export function readAddresses(stateDir: string): NotaryAddresses {
  const file = addressesFile(stateDir);
  return existsSync(file) ? parseState(addressesSchema, file) : {};
}

/**
 * Decides where notaries listen, before any is started: each of them is told the addresses of all.
 *
 * @param running - MSP ids of the notaries that run; they keep their ports, the others theirs as long as they are free
 * @param taken - ports of the network's other nodes, which may be dead now and come back
 * @throws NetworkError PORT_NONE_FREE
 */
export async function assignAddresses(
  stateDir: string,
  mspIds: readonly string[],
  running: ReadonlySet<string>,
  taken: readonly number[] = [],
): Promise<NotaryAddresses> {
  const before = readAddresses(stateDir);
  const addresses: NotaryAddresses = {};
  for (const mspId of mspIds) {
    const kept = before[mspId];
    if (kept !== undefined && (running.has(mspId) || (await isFree(kept.port)))) {
      addresses[mspId] = kept;
      continue;
    }
    const others = [before, addresses].flatMap((known) => Object.values(known).map((other) => other.port));
    const [port] = await freePorts(stateDir, 1, new Set([...taken, ...others]));
    if (port !== undefined) addresses[mspId] = { host: '127.0.0.1', port };
  }
  writeJson(addressesFile(stateDir), addresses);
  return addresses;
}

/** Reads one of the values of `--notary`. @throws CommandError USAGE */
export function parseAddress(text: string): { readonly mspId: string; readonly url: string } {
  const match = /^([A-Za-z0-9.-]{1,64})=(https:\/\/[A-Za-z0-9.-]+:\d{1,5})$/.exec(text);
  const [, mspId, url] = match ?? [];
  if (mspId !== undefined && url !== undefined) return { mspId, url };
  throw new CommandError('USAGE', `--notary ${JSON.stringify(text)} is not MSP=https://host:port. Correct it.`);
}

function addressesFile(stateDir: string): string {
  return join(stateDir, 'notaries', 'addresses.json');
}
