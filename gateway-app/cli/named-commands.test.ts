// SPDX-License-Identifier: Apache-2.0

import { type Command } from 'commander';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeEntries } from '../errors/code-tables';
import { repositoryDir } from '../consortium/installation';
import { gridpegCommand } from './gridpeg-command';
import { renamedCommands } from './renamed-commands';

/** A text that names a command, such as `npx gridpeg send --lane city-charging`, from `gridpeg` on. */
interface Mention {
  readonly where: string;
  readonly text: string;
}

const folders = ['chaincode', 'docs', 'gateway-app', 'network', 'scripts', 'test'];
const ownFiles = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
/** First lines of files in our formats, and a sentence of which `gridpeg` is the subject. */
const headers = /^(signing history( checkpoint)?|sealed snapshot) \d|^runs on /;
/** Ends a command in prose and in scripts. */
const ending = /[`"'\n#|&;()]|, |\. |\\n|\$\{|\.\.\.| - /;

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(join(repositoryDir, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (['node_modules', 'dist', 'bundle', '.vitepress'].includes(entry.name)) continue;
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (/\.(md|ts|mjs|sh)$/.test(entry.name) && !entry.name.endsWith('.test.ts')) yield path;
  }
}

/** Commands in code spans and shell blocks of documents, and in texts of the program and its comments. */
function mentionsIn(path: string): readonly Mention[] {
  const text = readFileSync(join(repositoryDir, path), 'utf8').replaceAll('\\`', '`');
  // What stands before it distinguishes a command from the word in a sentence.
  const before = path.endsWith('.md')
    ? /(?:`|^|\n)(?:\$ |eval "\$\(|[A-Z_]+=\S+ |npx |node gateway-app\/bin\/)*gridpeg(?:\.js)? (?=[^\n]*)/g
    : /(?:[`"'$] ?|[Nn]ext: |, then |&& |npx )gridpeg(?:\.js)? /g;
  return [...text.matchAll(before)].map((match) => {
    const rest = text.slice(match.index + match[0].length, match.index + match[0].length + 300);
    const line = text.slice(0, match.index + 1).split('\n').length;
    return { where: `${path}:${line.toString()}`, text: rest.split(ending, 1)[0]?.trim() ?? '' };
  });
}

/** Takes away what may stand before a command. */
function withoutGlobalOptions(words: readonly string[]): readonly string[] {
  if (words[0] === '--json') return withoutGlobalOptions(words.slice(1));
  return words[0] === '--state' ? withoutGlobalOptions(words.slice(2)) : words;
}

/** What is wrong with the words after `gridpeg`; nothing if there is such a command with such options. */
function faultIn(program: Command, text: string): string | undefined {
  let command = program;
  let words = withoutGlobalOptions(
    text
      .replace(/<[^>]*>/g, '<>')
      .split(/\s+/)
      .filter((word) => word !== ''),
  );
  for (;;) {
    const [word = ''] = words;
    const next = command.commands.find((child) => child.name() === word || child.aliases().includes(word));
    if (next === undefined) break;
    command = next;
    words = words.slice(1);
  }
  const isGroup = command.commands.length > 0 && command.registeredArguments.length === 0;
  const [first] = words;
  if (isGroup && first !== undefined && /^[a-z]/.test(first)) return `${command.name()} has no ${first}`;
  const known = [command, ...ancestorsOf(command)].flatMap(({ options }) =>
    options.flatMap(({ long, short }) => [long, short]),
  );
  const unknown = words.find((word) => /^--?[a-z]/.test(word) && !known.includes(word.replace(/=.*/, '')));
  const isFault = unknown !== undefined && !['--help', '--version'].includes(unknown);
  return isFault ? `${command.name()} has no option ${unknown}` : undefined;
}

function ancestorsOf(command: Command): readonly Command[] {
  return command.parent === null ? [] : [command.parent, ...ancestorsOf(command.parent)];
}

/** The commands as they are now, without those that only say a new name. */
function presentCommands(): Command {
  const program = gridpegCommand();
  const old = new Set(Object.keys(renamedCommands));
  const prune = (command: Command, name: string): void => {
    const kept = command.commands.filter((child) => !old.has(`${name}${child.name()}`));
    (command.commands as Command[]).splice(0, command.commands.length, ...kept);
    for (const child of kept) prune(child, `${name}${child.name()} `);
  };
  prune(program, '');
  return program;
}

const program = presentCommands();
const faultsOf = (mentions: readonly Mention[]): readonly string[] =>
  mentions.flatMap(({ where, text }) => {
    if (headers.test(text)) return [];
    const fault = faultIn(program, text);
    return fault === undefined ? [] : [`${where}: gridpeg ${text}: ${fault}`];
  });

describe('a command that a text names', () => {
  test.each([
    ['send --lane city-charging --wait', undefined],
    ['--state org1 --json note list', undefined],
    ['note', undefined],
    ['notes --chain city', 'gridpeg has no notes'],
    ['note list --moon', 'list has no option --moon'],
    ['note lst', 'note has no lst'],
    ['certificates renew --within=9', undefined],
    ['logs notary.grid.example.com -f', undefined],
  ])('%s is judged: %p', (text, fault) => {
    expect(faultIn(program, text)).toBe(fault);
  });

  test('exists with its options in every explanation of a code', () => {
    const mentions = codeEntries.flatMap(({ code, summary, remedy }) =>
      [...`${summary} ${remedy}`.matchAll(/`gridpeg ([^`]*)`/g)].map(([, text = '']) => ({ where: code, text })),
    );
    expect(mentions.length).toBeGreaterThan(20);
    expect(faultsOf(mentions)).toEqual([]);
  });

  const files = [...ownFiles, ...folders.flatMap((folder) => [...filesBelow(folder)])];
  test('exists with its options in every document, message, example and comment', () => {
    const mentions = files.flatMap(mentionsIn);
    expect(mentions.filter(({ where }) => where.startsWith('docs/')).length).toBeGreaterThan(20);
    expect(mentions.filter(({ where }) => where.startsWith('gateway-app/')).length).toBeGreaterThan(100);
    expect(faultsOf(mentions)).toEqual([]);
  });

  /** Groups of commands whose names begin nothing else in code spans, as those of Node and of records do. */
  const groups = program.commands.filter(
    (command) => command.commands.length > 0 && !['node', 'governance'].includes(command.name()),
  );
  test('exists where a document names it without `gridpeg`', () => {
    const spans = files
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) => {
        const text = readFileSync(join(repositoryDir, file), 'utf8');
        return [...text.matchAll(/`([a-z]+ [a-z-]+(?: [^`\n]*)?)`/g)]
          .map(([, span = '']) => ({ where: file, text: span.split(ending, 1)[0]?.trim() ?? '' }))
          .filter(({ text: span }) => groups.some((group) => span.startsWith(`${group.name()} `)));
      });
    expect(spans.length).toBeGreaterThan(5);
    expect(faultsOf(spans)).toEqual([]);
  });
});
