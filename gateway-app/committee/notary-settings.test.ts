// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { notarySettingsSchema, readNotarySettings, variableOf, type NotarySettings } from './notary-settings';

const docs = join(__dirname, '..', '..', '..', 'docs');

describe('the settings of a notary', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gridpeg-settings-'));
  const file = join(folder, 'notary.yaml');
  afterAll(() => rmSync(folder, { recursive: true }));

  /** One valid value of each setting, as the file and as the environment write it. */
  const samples: Readonly<Record<keyof NotarySettings, readonly [inFile: unknown, asText: string, read: unknown]>> = {
    organization: ['GridMSP', 'GridMSP', 'GridMSP'],
    state: ['/etc/gridpeg/state', '/etc/gridpeg/state', '/etc/gridpeg/state'],
    listen: ['0.0.0.0:7310', '[::]:7310', undefined],
    notaries: [
      { GridMSP: 'https://grid.example.com:7310', MicrogridMSP: 'https://[2001:db8::1]:7310' },
      'GridMSP=https://grid.example.com:7310, MicrogridMSP=https://[2001:db8::1]:7310',
      undefined,
    ],
    relay: [false, 'false', false],
    signingKey: ['pkcs11:token=gridpeg', 'pkcs11:token=gridpeg', 'pkcs11:token=gridpeg'],
    signerAuthority: ['/ca.pem', '/ca.pem', '/ca.pem'],
    certificate: ['/cert.pem', '/cert.pem', '/cert.pem'],
    privateKey: ['/key.pem', '/key.pem', '/key.pem'],
    dataDir: ['/var/lib/gridpeg', '/var/lib/gridpeg', '/var/lib/gridpeg'],
    logLevel: ['debug', 'debug', 'debug'],
  };
  const names = Object.keys(samples) as ReadonlyArray<keyof NotarySettings>;

  const settings = (
    content: unknown,
    environment: Readonly<Record<string, string>> = {},
    flags: Readonly<Partial<Record<keyof NotarySettings, unknown>>> = {},
  ): NotarySettings => {
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return readNotarySettings({ flags, environment, file });
  };
  const refused = (code: string, message: RegExp): Error =>
    expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as Error;
  const inFile = Object.fromEntries(names.map((name) => [name, samples[name][0]]));
  const asText = Object.fromEntries(names.map((name) => [variableOf(name), samples[name][1]]));

  test('can all be given in the file, and all by the environment', () => {
    expect(settings(inFile)).toEqual(inFile);
    const read = readNotarySettings({ flags: {}, environment: asText, file: undefined });
    expect(read).toEqual({ ...inFile, listen: '[::]:7310' });
    expect(names).toEqual(Object.keys(notarySettingsSchema.shape));
  });

  test('have variables that are named after them', () => {
    expect([variableOf('signingKey'), variableOf('organization')]).toEqual([
      'GRIDPEG_NOTARY_SIGNING_KEY',
      'GRIDPEG_NOTARY_ORGANIZATION',
    ]);
  });

  test('count from the command line first, then from the environment, then from the file', () => {
    const environment = { GRIDPEG_NOTARY_LISTEN: 'b:2', GRIDPEG_NOTARY_LOG_LEVEL: 'warn' };
    const content = { organization: 'GridMSP', listen: 'c:3', logLevel: 'error', relay: false };
    expect(settings(content, environment, { listen: 'a:1' })).toEqual({
      ...{ organization: 'GridMSP', listen: 'a:1', logLevel: 'warn', relay: false },
    });
    expect(settings(content, { GRIDPEG_NOTARY_RELAY: 'true' }).relay).toBe(true);
    expect(settings(content, { GRIDPEG_NOTARY_LISTEN: '' }).listen).toBe('c:3');
  });

  test('that are paths count from the folder of the file, and from nowhere else', () => {
    const paths = { state: 'state', signingKey: 'key.pem', dataDir: '../data', certificate: 'c', privateKey: 'k' };
    const read = settings({ organization: 'GridMSP', ...paths });
    expect(read).toMatchObject({ state: join(folder, 'state'), signingKey: join(folder, 'key.pem') });
    expect(read).toMatchObject({ dataDir: join(tmpdir(), 'data'), certificate: join(folder, 'c') });
    const other = settings({ organization: 'GridMSP' }, { GRIDPEG_NOTARY_STATE: 'state' });
    expect(other.state).toBe('state');
    expect(settings({ organization: 'A', signingKey: 'https://signer/key' }).signingKey).toBe('https://signer/key');
  });

  test.each<readonly [name: string, bad: unknown]>([
    ...['', 'Grid MSP', 'x'.repeat(65), 7, ['GridMSP'], null].map((bad) => ['organization', bad] as const),
    ...[
      '',
      7310,
      ':7310',
      'host',
      'host:',
      'host:0',
      'host:65536',
      'host:7310/x',
      '::1:7310',
      '[::1]',
      'https://a:1',
    ].map((bad) => ['listen', bad] as const),
    ...['https://a:1', [], { 'Grid MSP': 'https://a:1' }, { GridMSP: 7310 }].map((bad) => ['notaries', bad] as const),
    ...[
      'http://a:1',
      'https://a',
      'https://a:0',
      'https://a:65536',
      'https://a:1/x',
      'https://u@a:1',
      ' https://a:1',
    ].map((url) => ['notaries', { GridMSP: url }] as const),
    ...['https://0.0.0.0:7310', 'https://[::]:7310', 'https://[::1:7310', 'https://[zz]:1'].map(
      (url) => ['notaries', { GridMSP: url }] as const,
    ),
    ...['yes', 'false', 1, ''].map((bad) => ['relay', bad] as const),
    ...names
      .filter((name) => /state|Key|Auth|cert|Dir/.test(name))
      .flatMap((name) => [[name, 7] as const, [name, ''] as const]),
    ...['loud', 'INFO', 3].map((bad) => ['logLevel', bad] as const),
  ])('NOTARY_SETTING_INVALID: %s is not %j', (name, bad) => {
    const told = name === 'organization' && bad === null ? /"organization" is missing/ : new RegExp(`: ${name}\\b`);
    expect(() => settings({ ...inFile, [name]: bad })).toThrow(refused('NOTARY_SETTING_INVALID', told));
    const message = /^[^\n]+\. (Correct it|Give it by [^\n]+)\.$/;
    expect(() => settings({ ...inFile, [name]: bad })).toThrow(refused('NOTARY_SETTING_INVALID', message));
  });

  test('that are wrong are told by the place that they come from', () => {
    const organization = { organization: 'GridMSP' };
    const environment = { GRIDPEG_NOTARY_LISTEN: 'nowhere' };
    expect(() => settings(organization, environment)).toThrow(
      refused('NOTARY_SETTING_INVALID', /^GRIDPEG_NOTARY_LISTEN: "nowhere" is not host:port or /),
    );
    expect(() => settings(organization, {}, { listen: 'nowhere' })).toThrow(
      refused('NOTARY_SETTING_INVALID', /^--listen: "nowhere" is not /),
    );
    expect(() => settings(organization, { GRIDPEG_NOTARY_NOTARIES: 'GridMSP' })).toThrow(
      refused('NOTARY_SETTING_INVALID', /^GRIDPEG_NOTARY_NOTARIES, GridMSP: null is not https:/),
    );
    expect(() => readNotarySettings({ flags: {}, environment: {}, file: undefined })).toThrow(
      refused('NOTARY_SETTING_INVALID', /--organization, GRIDPEG_NOTARY_ORGANIZATION or a line/),
    );
  });

  test('never repeat where a key lies, which may say its PIN', () => {
    const signingKey = `pkcs11:object=x?pin-value=4321\0`;
    expect(() => settings({ organization: 'GridMSP', signingKey })).toThrow(
      refused('NOTARY_SETTING_INVALID', /^(?!.*4321)/),
    );
  });

  test.each([
    ['listn', 'listen'],
    ['Listen', 'listen'],
    ['signing-key', 'signingKey'],
  ])('NOTARY_SETTING_UNKNOWN: %s, with the suggestion %s', (key, name) => {
    expect(() => settings({ organization: 'GridMSP', [key]: 'x' })).toThrow(
      refused('NOTARY_SETTING_UNKNOWN', new RegExp(`there is no setting "${key}"\\. Write "${name}"`)),
    );
  });
  test('NOTARY_SETTING_UNKNOWN: without a suggestion where nothing is near', () => {
    expect(() => settings({ organization: 'GridMSP', somethingElse: 'x' })).toThrow(
      refused('NOTARY_SETTING_UNKNOWN', /Use organization, state, listen/),
    );
    expect(() => settings('{"__proto__": 1}')).toThrow(refused('NOTARY_SETTING_UNKNOWN', /__proto__/));
  });

  test.each(['- a', 'text', '7', 'a: [', 'organization: A\norganization: B', '\ta: 1'])(
    'NOTARY_SETTING_INVALID: a file that holds %j',
    (content) => {
      expect(() => settings(content)).toThrow(refused('NOTARY_SETTING_INVALID', /^[^\n]+\. Correct it\.$/));
    },
  );
  test('FILE_UNREADABLE: a file that is not there', () => {
    const reading = () => readNotarySettings({ flags: {}, environment: {}, file: join(folder, 'none.yaml') });
    expect(reading).toThrow(refused('FILE_UNREADABLE', /none\.yaml/));
  });

  test('of the certificate and its key are given together', () => {
    for (const name of ['certificate', 'privateKey'])
      expect(() => settings({ organization: 'GridMSP', [name]: 'x' })).toThrow(
        refused('NOTARY_SETTING_INVALID', /belong together/),
      );
  });

  test('are described by the schema in docs as they are here', () => {
    const written: unknown = JSON.parse(readFileSync(join(docs, 'notary-config.schema.json'), 'utf8'));
    expect(written).toEqual({
      ...z.toJSONSchema(notarySettingsSchema, { io: 'input' }),
      title:
        'Configuration file of `gridpeg notary run`; values by the environment or the command line count before it',
      required: [],
    });
  });

  test.each(readdirSync(join(docs, 'notary-config')))('are those of the example %s', (name) => {
    const example = join(docs, 'notary-config', name);
    expect(readNotarySettings({ flags: {}, environment: {}, file: example }).organization).toBe('GridMSP');
  });

  test('each have a line in docs, with their variable', () => {
    const text = readFileSync(join(docs, 'notary-deployment.md'), 'utf8');
    for (const name of names) expect(text).toMatch(new RegExp(`^\\| \`${name}\` +\\| \`${variableOf(name)}\` `, 'm'));
  });
});
