// SPDX-License-Identifier: Apache-2.0

import { freePorts, isFree, parseState, writeJson } from '@gridpeg/network';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CommandError } from '../errors/command-error';

/** The host of notaries that `up` starts, which all run on this machine; `--notary` names those that others start. */
const addressesSchema = z.record(
  z.string(),
  z.object({ host: z.literal('127.0.0.1'), port: z.int().min(1).max(65535) }),
);

/** Where each organization's notary listens, by MSP id. */
export type NotaryAddresses = z.output<typeof addressesSchema>;

/**
 * Reads where the notaries listen; nothing when none was ever started. A file that cannot be read is not the same:
 * others would receive new addresses.
 *
 * @throws NetworkError STATE_UNREADABLE, STATE_VERSION
 */
export function readAddresses(stateDir: string): NotaryAddresses {
  const file = addressesFile(stateDir);
  return existsSync(file) ? parseState(addressesSchema, file) : {};
}

/**
 * Decides where notaries listen, before any is started: each of them is configured with the addresses of all.
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

/** The form of a notary's address. */
export const notaryUrlPattern = /^https:\/\/(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):\d{1,5}$/;
/** The description of a valid address in messages. */
export const addressExpected = 'https://host:port, by an address at which others reach it';

/** Whether a text is the address of a notary. An address for all interfaces of a host is not one. */
export function isNotaryUrl(text: string): boolean {
  if (!notaryUrlPattern.test(text) || !URL.canParse(text)) return false;
  const { host, port } = hostAndPort(text);
  return port > 0 && !['0.0.0.0', '::'].includes(host);
}

/**
 * Host and port of a notary's address, or of `host:port`.
 *
 * @returns an IPv6 address without its brackets, as sockets take it
 */
export function hostAndPort(text: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(text.startsWith('https://') ? text : `https://${text}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 443 : Number(port) };
}

/** Reads one of the values of `--notary`. @throws CommandError USAGE */
export function parseAddress(text: string): { readonly mspId: string; readonly url: string } {
  const [, mspId, url] = /^([A-Za-z0-9.-]{1,64})=(.*)$/s.exec(text) ?? [];
  if (mspId !== undefined && url !== undefined && isNotaryUrl(url)) return { mspId, url };
  throw new CommandError('USAGE', `--notary ${JSON.stringify(text)} is not MSP=${addressExpected}`, 'Correct it.');
}

function addressesFile(stateDir: string): string {
  return join(stateDir, 'notaries', 'addresses.json');
}
