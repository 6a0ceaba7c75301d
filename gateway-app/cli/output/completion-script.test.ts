// SPDX-License-Identifier: Apache-2.0

import { Command } from 'commander';
import { execFileSync } from 'node:child_process';
import { gridpegCommand } from '../gridpeg-command';
import { completionScript, shells } from './completion-script';

const script = completionScript(gridpegCommand(), 'bash');

/** What bash offers for the last word of a line. */
function completed(...words: readonly string[]): readonly string[] {
  const line = ['gridpeg', ...words].map((word) => `'${word}'`).join(' ');
  const typed = `COMP_WORDS=(${line}); COMP_CWORD=${words.length.toString()}`;
  const ask = `${typed}; _gridpeg; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', `${script}\n${ask}`], { encoding: 'utf8' })
    .trim()
    .split('\n');
}

describe('what bash completes', () => {
  test.each<readonly [readonly string[], readonly string[]]>([
    [['tran'], ['transfer', 'transaction']],
    [
      ['transfer', ''],
      ['list', 'show', 'why'],
    ],
    [['note', 'me'], ['merge']],
    [
      ['governance', 'rotation', ''],
      ['draft', 'sign', 'submit'],
    ],
    [['send', '--wa'], ['--wait']],
    [['--state', 'elsewhere', 'lane', ''], ['status']],
    [['note', 'list', '--j'], ['--json']],
    [['note', 'list', '--chain', 'x'], ['']],
  ])('after gridpeg %j: %j', (words, offered) => {
    expect(completed(...words)).toEqual(expect.arrayContaining([...offered]));
  });

  test('no old name, no option twice, and nothing of another command', () => {
    expect(completed('note')).toEqual(['note']);
    expect(completed('node', 're')).toEqual(['refill', 'resume']);
    const options = completed('certificates', 'renew', '--');
    expect(new Set(options).size).toBe(options.length);
    expect(options).toEqual(expect.arrayContaining(['--all', '--within', '--state', '--json']));
    expect(options).not.toContain('--lane');
  });
});

test.each(shells)('the script for %s names every command, whatever is in a description', (shell) => {
  const program = new Command('gridpeg');
  program.command('odd').description('it\'s $HOME `id` : \\ "x"').option('--one', '$(touch /tmp/x)');
  const text = completionScript(program, shell);
  expect(text).toContain('odd');
  expect(text).toContain('one');
  if (shell === 'fish') expect(text).toContain("'it\\'s $HOME `id` : \\\\ \"x\"'");
  if (shell === 'zsh') execFileSync('bash', ['-n'], { input: text.replace(/\$\{\(@\)[^}]*\}/, '') });
  if (shell === 'bash') execFileSync('bash', ['-n'], { input: text });
});
