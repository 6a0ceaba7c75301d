// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one table of settings, and the three places that they are read from.

import { closest, distance } from 'fastest-levenshtein';
import { dirname, resolve } from 'node:path';
import { GridpegError } from '@gridpeg/protocol';
import { parse } from 'yaml';
import { z } from 'zod';
import { CommandError } from '../errors/command-error';
import { readDocument } from '../input/read-document';
import { addressExpected, isNotaryUrl, notaryUrlPattern } from './notary-addresses';

/** A value of one form; every violation has the same message. */
const text = (expected: string, pattern: RegExp) => z.string({ error: expected }).regex(pattern, { error: expected });
const path = (what: string) => text(`the path of ${what}`, /^[^\0]{1,4096}$/);

const listenPattern = /^(\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253}):\d{1,5}$/;
const listenExpected = 'host:port or [IPv6 address]:port, with a port from 1 to 65535, as 0.0.0.0:7310';
const mspIdExpected = 'an MSP id, as GridMSP';
const mspId = text(mspIdExpected, /^[A-Za-z0-9.-]{1,64}$/);
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** The settings of a notary; docs/notary-config.schema.json is generated from them. */
export const notarySettingsSchema = z.strictObject({
  organization: mspId.describe('MSP id of the organization whose notary it is'),
  state: path('a folder')
    .optional()
    .describe("The network's folder, as `gridpeg profile import` makes it (default: .gridpeg)"),
  listen: text(listenExpected, listenPattern)
    .refine((value) => isPort(value.slice(value.lastIndexOf(':') + 1)), { error: listenExpected })
    .optional()
    .describe('Where it listens, as 0.0.0.0:7310 (default: host and port of its own address among the notaries)'),
  notaries: z
    .record(mspId, text(addressExpected, notaryUrlPattern).refine(isNotaryUrl, { error: addressExpected }), {
      error: 'MSP ids with the addresses of their notaries',
    })
    .optional()
    .describe("Where others reach each notary of the committee, by MSP id; the organization's own one is its address"),
  relay: z
    .boolean({ error: 'true or false' })
    .optional()
    .describe('Whether it also carries certificates between its chains (default: true)'),
  signingKey: path('a PEM file, a PKCS#11 URI or an https URL')
    .optional()
    .describe("Where the committee's key lies: a PEM file, a PKCS#11 URI or the https URL of a signer"),
  signerAuthority: path('a PEM file').optional().describe('CA certificate of that signer, PEM'),
  certificate: path('a PEM file')
    .optional()
    .describe('Certificate of the client that the notary is, to ledgers and notaries (default: in the folder)'),
  privateKey: path('a PEM file').optional().describe('Key of that certificate, PEM'),
  dataDir: path('a folder')
    .optional()
    .describe("What it has signed; must outlive the process (default: in the network's folder)"),
  logLevel: z
    .enum(logLevels, { error: `one of ${logLevels.join(', ')}` })
    .optional()
    .describe('The least that is logged (default: info)'),
});

/** The settings of a notary when it starts. */
export type NotarySettings = z.output<typeof notarySettingsSchema>;
type SettingName = keyof NotarySettings;

/** Where settings come from: the command line before the environment, and that before the file. */
export interface SettingSources {
  /** Values by name; undefined for what was not given. */
  readonly flags: Readonly<Partial<Record<SettingName, unknown>>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The path of a YAML file. */
  readonly file: string | undefined;
}

const names = Object.keys(notarySettingsSchema.shape) as readonly SettingName[];
const pathNames: readonly SettingName[] = ['state', 'signerAuthority', 'certificate', 'privateKey', 'dataDir'];
/** Values that are not repeated in messages: a PKCS#11 URI may hold a PIN. */
const secretNames: readonly SettingName[] = ['signingKey'];

/** One value, and how a message names the place that it comes from. */
interface Given {
  readonly value: unknown;
  readonly origin: string;
}

/**
 * Reads the settings of a notary, each value from the first place that has it.
 *
 * @throws CommandError NOTARY_SETTING_INVALID, NOTARY_SETTING_UNKNOWN, FILE_UNREADABLE, TEXT_ENCODING_UNSUPPORTED
 */
export function readNotarySettings({ flags, environment, file }: SettingSources): NotarySettings {
  const inFile = file === undefined ? {} : readSettingsFile(file);
  const given = new Map<string, Given>();
  for (const name of names) {
    const value = [fromFlag(name, flags), fromEnvironment(name, environment), inFile[name]].find(
      (found) => found !== undefined,
    );
    if (value !== undefined) given.set(name, value);
  }
  const values = Object.fromEntries([...given].map(([name, { value }]) => [name, value]));
  const read = notarySettingsSchema.safeParse(values);
  if (!read.success) throw invalid(read.error.issues, given);
  if ((read.data.certificate === undefined) !== (read.data.privateKey === undefined))
    throw new CommandError(
      'NOTARY_SETTING_INVALID',
      'certificate and privateKey belong together, and one of them is missing',
      'Give both or none.',
    );
  return read.data;
}

/** The variable that gives a setting, as GRIDPEG_NOTARY_SIGNING_KEY. */
export function variableOf(name: string): string {
  return `GRIDPEG_NOTARY_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`;
}

function fromFlag(name: SettingName, flags: SettingSources['flags']): Given | undefined {
  const value = flags[name];
  const flag = name === 'notaries' ? 'notary' : name.replace(/[A-Z]/g, '-$&').toLowerCase();
  return value === undefined ? undefined : { value, origin: `--${flag}` };
}

/** A variable that is empty counts as not there: it is what remains of one that others set. */
function fromEnvironment(name: SettingName, environment: SettingSources['environment']): Given | undefined {
  const origin = variableOf(name);
  const found = environment[origin];
  return found === undefined || found === '' ? undefined : { value: fromText(name, found), origin };
}

/** Values that are no text in the file. */
function fromText(name: SettingName, found: string): unknown {
  if (name === 'relay') return found === 'true' ? true : found === 'false' ? false : found;
  if (name !== 'notaries') return found;
  return Object.fromEntries(found.split(',').map((pair) => pair.trim().split(/=(.*)/s, 2)));
}

function readSettingsFile(file: string): Readonly<Record<string, Given>> {
  const content = parseYaml(file);
  const unknown = Object.keys(content).find((key) => !names.some((name) => name === key));
  if (unknown !== undefined) {
    const near = closest(unknown, [...names]);
    const meant = distance(unknown.toLowerCase(), near.toLowerCase()) <= Math.max(2, unknown.length / 3);
    const remedy = meant ? `Write "${near}" if you meant that` : `Use ${names.join(', ')}`;
    throw new CommandError(
      'NOTARY_SETTING_UNKNOWN',
      `${file}: there is no setting "${unknown.slice(0, 100)}"`,
      `${remedy}.`,
    );
  }
  const entries = Object.entries(content).map(([name, value]) => {
    const isPath =
      pathNames.some((other) => other === name) ||
      (name === 'signingKey' && typeof value === 'string' && !/^(https?|pkcs11):/.test(value));
    const found = isPath && typeof value === 'string' && value !== '' ? resolve(dirname(file), value) : value;
    return [name, { value: found, origin: `${file}: ${name}` }] as const;
  });
  // A key without a value, as `listen:`, is YAML for null.
  return Object.fromEntries(entries.filter(([, { value }]) => value !== null));
}

function parseYaml(file: string): Readonly<Record<string, unknown>> {
  const content = ((): unknown => {
    try {
      return parse(readDocument(file)) ?? {};
    } catch (error) {
      if (error instanceof GridpegError) throw error;
      const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      throw new CommandError(
        'NOTARY_SETTING_INVALID',
        `${file} is not YAML: ${detail.replace(/:$/, '')}`,
        'Correct it.',
      );
    }
  })();
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) return { ...content };
  throw new CommandError(
    'NOTARY_SETTING_INVALID',
    `${file} holds no settings, each on a line "name: value"`,
    'Correct it.',
  );
}

function invalid([issue]: readonly z.core.$ZodIssue[], given: ReadonlyMap<string, Given>): CommandError {
  const [name = '', ...parts] = (issue?.path ?? []).map(String);
  const found = given.get(name);
  if (found === undefined) {
    const ways = `--${name}, ${variableOf(name)} or a line "${name}:" of the file`;
    return new CommandError('NOTARY_SETTING_INVALID', `the setting "${name}" is missing`, `Give it by ${ways}.`);
  }
  const origin = [found.origin, ...parts].join(', ').slice(0, 4_200);
  const expected = issue?.code === 'invalid_key' ? mspIdExpected : (issue?.message ?? '');
  return new CommandError(
    'NOTARY_SETTING_INVALID',
    `${origin}:${shownOf(name, found, parts)} is not ${expected}`,
    'Correct it.',
  );
}

/** The value as a message repeats it; nothing of one that may be secret. */
function shownOf(name: string, { value }: Given, parts: readonly string[]): string {
  if (secretNames.some((secret) => secret === name)) return '';
  const inner = parts.reduce((outer, part) => (outer as Readonly<Record<string, unknown>>)[part], value);
  return ` ${JSON.stringify(inner ?? null).slice(0, 200)}`;
}

function isPort(digits: string): boolean {
  return Number(digits) >= 1 && Number(digits) <= 65_535;
}
