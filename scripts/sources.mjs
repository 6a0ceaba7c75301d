// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Paths of the files that git knows or would add, relative to `root`. */
export function sourceFiles() {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  const files = listed.toString().split('\0');
  return [...new Set(files)].filter((file) => file !== '' && existsSync(join(root, file))).sort();
}

/** Text of a source file. */
export function textOf(file) {
  return readFileSync(join(root, file), 'utf8');
}

/** Number of the line that holds the character at `index`, from 1. */
export function lineAt(text, index) {
  return text.slice(0, index).split('\n').length;
}

/** Prints the problems, and sets the exit status to 1 if there is one. */
export function report(problems, checked) {
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
  else console.log(checked);
}
