// SPDX-License-Identifier: Apache-2.0
/**
 * Checks what no linter here does: licence headers, skipped tests, silenced checks, machine paths, long lines, the lock
 * file.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';

import { lineAt, report, root, sourceFiles, textOf } from './sources.mjs';

const header = 'SPDX-License-Identifier: Apache-2.0';

/** Written by tools and compared byte for byte, or data of others: no header there. */
const headerless = /(^|\/)(golden|data)\//;

const patterns = [
  {
    files: /\.test\.ts$/,
    pattern:
      /\b(?:it|test|describe)(?:\.\w+)*\.(?:only|skip|todo|failing)\b|^\s*(?:x(?:it|test|describe)|f(?:it|describe))\(/gm,
    problem: 'skipped or exclusive test: run it, or remove it',
  },
  {
    files: /\.ts$/,
    pattern: /@ts-(?:ignore|nocheck)\b|eslint-disable(?:-next-line|-line)?(?!-)(?! *[@\w/-]+(?:, *[@\w/-]+)* -- \S)/g,
    problem: 'silenced check: name the rule and the reason, `eslint-disable-next-line rule -- reason`',
  },
  {
    files: /^(?!scripts\/check-sources\.mjs$)/,
    pattern: /(?<![\w.:/$}*-])\/(?:home|root|Users|work)\/[\w.-]+/g,
    problem: 'path of one machine',
  },
  {
    files: /(^|\/)package-lock\.json$/,
    pattern: /"resolved": *"https?:\/\/[^"]*/g,
    problem: 'registry address in the lock file: keep omit-lockfile-registry-resolved',
  },
  {
    files: /./,
    pattern: /-----BEGIN (?:EC |RSA )?PRIVATE KEY-----\s+[\w+/=]{40}/g,
    problem: 'private key',
  },
];

function* headerProblems(file, text) {
  if (headerless.test(file)) return;
  const [first = '', second = ''] = text.split('\n');
  if (/\.(ts|mjs|cjs|js)$/.test(file)) {
    const line = first.startsWith('#!') ? second : first;
    if (line !== `// ${header}`) yield `${file}:1: the first line must be: // ${header}`;
  } else if (/\.(sh|ya?ml)$/.test(file) || /^#!.*\b(ba)?sh\b/.test(first)) {
    if (![first, second].includes(`# ${header}`)) yield `${file}:1: one of the first two lines must be: # ${header}`;
  }
}

function* patternProblems(file, text) {
  for (const { files, pattern, problem } of patterns) {
    if (!files.test(file)) continue;
    for (const match of text.matchAll(pattern))
      yield `${file}:${lineAt(text, match.index)}: ${problem}: ${match[0].trim()}`;
  }
}

/** Tables and blocks of code in Markdown have lines that cannot be broken, and so do regular expressions. */
const unbreakable = { md: /^ *\||^ {4}/, code: /^ *(?:'\^|\/(?![/*]))/ };

function* lengthProblems(file, text) {
  // A table made by a program, and quotations of code.
  if (/^docs\/invariants\.md$|^test\/mutation\/by-hand\//.test(file)) return;
  const isMarkdown = file.endsWith('.md');
  if (!isMarkdown && !/\.(ts|mjs|cjs|js)$/.test(file)) return;
  const exempt = isMarkdown ? unbreakable.md : unbreakable.code;
  const code = /^( *)(```+)[^\n]*\n[\s\S]*?^ *\2$/gm;
  const lines = isMarkdown ? text.replace(code, (block) => block.replace(/[^\n]/g, '')) : text;
  for (const [index, line] of lines.split('\n').entries()) {
    if (line.length > 120 && !exempt.test(line)) yield `${file}:${index + 1}: longer than 120 characters`;
  }
}

/** `npm install` adapts a lock file that is behind without a word, so compare what each package.json asks for. */
function* lockProblems(folder, workspaces) {
  const lockFile = join(folder, 'package-lock.json');
  const locked = JSON.parse(textOf(lockFile)).packages;
  for (const workspace of ['', ...workspaces]) {
    const file = join(folder, workspace, 'package.json');
    const wanted = JSON.parse(textOf(file));
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']) {
      if (sorted(wanted[kind]) !== sorted(locked[workspace]?.[kind])) {
        yield `${lockFile}: ${kind} of ${file} differ: run npm install, and commit the lock file`;
      }
    }
  }
}

function sorted(record = {}) {
  return JSON.stringify(Object.entries(record).sort());
}

/** npm makes the commands of a package executable, which git would then show as a change. */
function* modeProblems(file, text) {
  const executable = (statSync(join(root, file)).mode & 0o111) !== 0;
  if (text.startsWith('#!') !== executable) yield `${file}: must ${executable ? 'not ' : ''}be executable`;
}

/**
 * The build context of an image is one folder, so every chaincode has a Dockerfile; there is one way to make an image.
 */
function* contextProblems(paths) {
  for (const name of ['Dockerfile', '.dockerignore']) {
    const [first, ...others] = paths.filter(
      (file) => /^chaincode\/[^/]+\/[^/]+$/.test(file) && file.endsWith(`/${name}`),
    );
    for (const file of others) {
      if (textOf(file) !== textOf(first)) yield `${file}: must be the same as ${first}`;
    }
  }
}

const files = sourceFiles();
const problems = [
  ...lockProblems('', JSON.parse(textOf('package.json')).workspaces),
  // Outside the workspaces, with packages of their own.
  ...lockProblems('docs/site', []),
  ...lockProblems('test/legacy-client', []),
  ...contextProblems(files),
];
for (const file of files) {
  const text = textOf(file);
  if (text.includes('\0')) continue;
  problems.push(
    ...headerProblems(file, text),
    ...modeProblems(file, text),
    ...lengthProblems(file, text),
    ...patternProblems(file, text),
  );
}
report(problems, `${files.length} files have their headers, and nothing that does not belong there`);
