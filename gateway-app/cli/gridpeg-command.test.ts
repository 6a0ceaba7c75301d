// SPDX-License-Identifier: Apache-2.0

import { CommanderError, type Command } from 'commander';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFailure } from '../errors/describe-failure';
import { gridpegCommand } from './gridpeg-command';
import { renamedCommands } from './renamed-commands';

/** Every command that does something, by its whole name; not those that only say their new name. */
function commandsOf(command: Command, name: string): ReadonlyArray<readonly [string, Command]> {
  const present = command.commands.filter(
    (part) => !(`${name} ${part.name()}`.slice('gridpeg '.length) in renamedCommands),
  );
  const parts = present.flatMap((part) => commandsOf(part, `${name} ${part.name()}`));
  return parts.length > 0 ? parts : [[name, command]];
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => void (text += part) });
  command.outputHelp();
  return text;
}

test('no command but `notary run` loads the libraries of the daemon, which would make it start later', () => {
  const loaded = `require(${JSON.stringify(join(__dirname, 'gridpeg-command.js'))}); Object.keys(require.cache).join()`;
  const files = execFileSync(process.execPath, ['-p', loaded], { encoding: 'utf8' });
  expect(files).toContain('/node_modules/commander/');
  expect(files).not.toMatch(/\/node_modules\/(fastify|prom-client|pino)\//);
});

describe('every command', () => {
  test.each(commandsOf(gridpegCommand(), 'gridpeg'))(
    '%s says what it does, takes --json, and shows an example',
    (name, command) => {
      const help = helpOf(command);
      expect(command.description()).toMatch(/^[a-z].{6,}[^.]$/);
      expect(help).toContain('--json');
      expect(help).toMatch(/^Examples:$/m);
      expect(help).toMatch(/^ {2}\$ .*gridpeg /m);
      expect(help).toContain(`Usage: ${name}`);
    },
  );
});

describe('--json', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gridpeg-json-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** A command line with something for every argument and option that it must have; nothing that is named exists. */
  function lineOf(name: string, command: Command): readonly string[] {
    const required = command.registeredArguments.filter((argument) => argument.required).map(() => 'none');
    const options = command.options.filter((option) => option.mandatory || option.long === '--topology');
    return [...name.split(' ').slice(1), ...required, ...options.flatMap(({ long }) => [long ?? '', 'none'])];
  }

  /** Runs a command line in this process. @returns what it printed, and its failure if it failed */
  async function run(line: readonly string[]): Promise<{ text: string; failure: { code: string } | undefined }> {
    const printed: string[] = [];
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
    jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    const failure = await gridpegCommand()
      .parseAsync([...line], { from: 'user' })
      .then(
        () => undefined,
        (error: unknown) => (error instanceof CommanderError ? { code: 'USAGE' } : describeFailure(error)),
      );
    jest.restoreAllMocks();
    process.exitCode = undefined;
    return { text: printed.join(''), failure };
  }

  // The doctor looks at the whole machine, which takes seconds; its document is read by the tests on real networks.
  const commands = commandsOf(gridpegCommand(), 'gridpeg').filter(([name]) => name !== 'gridpeg doctor');
  test.each(commands)(
    '%s prints JSON only where there is no network, or fails with a known code',
    async (name, command) => {
      const { text, failure } = await run([...lineOf(name, command), '--json', '--state', join(folder, 'absent')]);
      if (text !== '') expect(() => JSON.parse(text) as unknown).not.toThrow();
      if (failure === undefined) expect(text).not.toBe('');
      else expect(failure.code).not.toBe('UNEXPECTED');
    },
  );

  test.each(Object.entries(renamedCommands))(
    'the old name `%s` says that it is `%s` now, whatever follows it, and no help lists it',
    async (oldName, newName) => {
      const rest = [[], ['--help'], ['none', '--moon', '-x'], ['--chain', 'city', '--json', '--state', folder]];
      for (const words of rest) {
        const { text, failure } = await run([...oldName.split(' '), ...words]);
        expect(text).toBe('');
        expect(failure).toMatchObject({ code: 'COMMAND_RENAMED', exitStatus: 2 });
        expect(failure).toMatchObject({ message: expect.stringContaining(`\`gridpeg ${newName}\``) as string });
      }
      expect(commandsOf(gridpegCommand(), 'gridpeg').map(([name]) => name)).toContain(`gridpeg ${newName}`);
      const lists = gridpegCommand().commands.map(helpOf).concat(helpOf(gridpegCommand()));
      expect(lists.join('\n')).not.toMatch(new RegExp(`^  ${oldName.split(' ').at(-1)!} .*is now`, 'm'));
    },
  );

  const deep = join(folder, 'deep.json');
  test.each<readonly string[]>([
    ['proof', 'verify', deep, '--trust', deep],
    ['evidence', 'find', deep, deep, '--trust', deep],
    ['notary', 'alive', '--config', deep],
    ['up', '--topology', deep, '--state', join(folder, 'none')],
    ['profile', 'import', deep, '--wallet', folder, '--state', join(folder, 'none')],
  ])('T34: %s %s refuses a file whose parts are nested without end before it is parsed', async (...line) => {
    for (const text of ['['.repeat(100_000), `{"a":${'{"b":'.repeat(100)}1${'}'.repeat(101)}`]) {
      writeFileSync(deep, text);
      expect((await run(line)).failure).toMatchObject({ code: 'NESTING_TOO_DEEP' });
    }
  });

  const bytes = join(folder, 'bytes');
  beforeAll(() => {
    writeFileSync(
      bytes,
      Uint8Array.from({ length: 2_000 }, (_, index) => (index * 167) % 251),
    );
  });
  /** What people type, paste and mistype, and files that are not what they should be. */
  const odd = [
    ...[
      '',
      '-',
      '0',
      '-1',
      '1e3',
      '9'.repeat(400),
      '\0',
      '../..',
      '__proto__',
      'GridMSP/',
      '/User1',
      '=',
      '%s',
      '[::1]',
    ],
    ...['a b', '\n', '\u00fc', 'x'.repeat(10_000), '1d', 'http://127.0.0.1:1', '127.0.0.1:99999', 'GridMSP=http://x'],
    ...[folder, '/dev/null', bytes, join(bytes, 'x')],
  ];
  test.each(commands)('T50: nothing that is given to %s ends as a fault of the program', async (name, command) => {
    const slots = [...command.registeredArguments, ...command.options].filter(
      (slot) => !('long' in slot) || slot.required,
    );
    const unexpected: unknown[] = [];
    for (const [index, slot] of slots.entries()) {
      for (const value of odd) {
        const rest = command.registeredArguments.map((_, place) => (place === index ? value : 'none'));
        const given = 'long' in slot ? [slot.long ?? '', value] : [];
        const topology = command.options.some(({ long }) => long === '--topology') ? ['--topology', 'none'] : [];
        const line = [
          ...name.split(' ').slice(1),
          ...topology,
          ...given,
          '--state',
          join(folder, 'absent'),
          '--',
          ...rest,
        ];
        const { failure } = await run(line);
        if (failure?.code === 'UNEXPECTED') unexpected.push([line, failure]);
      }
    }
    expect(unexpected).toEqual([]);
  });
});

test('the help lists every command in a group', () => {
  const program = gridpegCommand();
  const visible = program.createHelp().visibleCommands(program);
  expect(visible.filter((command) => command.helpGroup() === '').map((command) => command.name())).toEqual([]);
  expect(new Set(visible.map((command) => command.helpGroup())).size).toBe(7);
});

test('--version prints the version of the package', async () => {
  const printed: string[] = [];
  const program = gridpegCommand().configureOutput({ writeOut: (text) => void printed.push(text) });
  await expect(program.parseAsync(['--version'], { from: 'user' })).rejects.toMatchObject({ exitCode: 0 });
  expect(printed.join('')).toMatch(/^\d+\.\d+\.\d+\n$/);
});
