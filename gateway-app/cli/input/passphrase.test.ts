// SPDX-License-Identifier: Apache-2.0

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gridpegCommand } from '../gridpeg-command';
import { askPassphrase, passphraseIn } from './passphrase';

const folder = mkdtempSync(join(tmpdir(), 'gridpeg-passphrase-'));
const file = join(folder, 'passphrase');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each(['correct horse battery', 'correct horse battery\n', 'correct horse battery\r\nmore\n'])(
  'a passphrase is the first line of its file: %j',
  (text) => {
    writeFileSync(file, text);
    expect(passphraseIn(file)).toBe('correct horse battery');
  },
);

test.each(['', '\ncorrect horse battery', 'too short'])('what would soon be guessed is refused: %j', (text) => {
  writeFileSync(file, text);
  expect(() => passphraseIn(file)).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
});

test('without a terminal nobody is asked', async () => {
  await expect(askPassphrase(false)).rejects.toMatchObject({ code: 'USAGE' });
});

/** Asks on a terminal, and answers each question when it is asked. @returns all that the terminal shows */
async function onTerminal(isNew: boolean, answers: readonly string[]): Promise<string> {
  const asking = `require(${JSON.stringify(join(__dirname, 'passphrase.js'))}).askPassphrase(${String(isNew)})`;
  const shown = `digest => require('node:crypto').createHash('sha256').update(digest).digest('hex')`;
  const ending = '(end) => { console.log(end); process.exit(); }';
  const program = `${asking}.then(${shown}, (error) => error.code).then(${ending})`;
  const command = `'${process.execPath}' -e "$PROGRAM"`;
  const terminal = spawn('script', ['-qec', command, '/dev/null'], {
    env: { PATH: process.env['PATH'], PROGRAM: program },
  });
  let output = '';
  let next = 0;
  terminal.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    const questions = output.match(/(Passphrase|again): /g)?.length ?? 0;
    while (next < Math.min(questions, answers.length)) terminal.stdin.write(answers[next++] ?? '');
  });
  await once(terminal, 'close');
  return output;
}
const passphrase = 'correct horse battery';
const digest = createHash('sha256').update(passphrase).digest('hex');

test.each<[what: string, isNew: boolean, answers: readonly string[], end: string]>([
  ['once', false, [`${passphrase}\r`], digest],
  ['with a slip that was mended', false, [`${passphrase}x\u007f\r`], digest],
  ['twice', true, [`${passphrase}\r`, `${passphrase}\r`], digest],
  ['twice in one go', true, [`${passphrase}\r${passphrase}\r`], digest],
  ['twice, not the same', true, [`${passphrase}\r`, 'another passphrase\r'], 'USAGE'],
  ['and called up again by an arrow', true, [`${passphrase}\r`, '\u001b[A\r'], 'USAGE'],
  ['too short', true, ['horse\r'], 'USAGE'],
  ['not at all, by Ctrl+C', false, ['\u0003'], 'NOT_CONFIRMED'],
  ['not at all, by Ctrl+D', false, ['\u0004'], 'NOT_CONFIRMED'],
  ['once only, and Ctrl+C', true, [`${passphrase}\r`, '\u0003'], 'NOT_CONFIRMED'],
])('a terminal on which a passphrase is typed does not show it: %s', async (_what, isNew, answers, end) => {
  const shown = await onTerminal(isNew, answers);
  expect(shown.trim().split(/\r?\n/).at(-1)).toBe(end);
  expect(shown).not.toMatch(/horse|battery|another/);
});

test('T50: no option takes a passphrase itself, where every user of the machine could read it', () => {
  for (const name of ['snapshot', 'restore']) {
    const command = gridpegCommand().commands.find((each) => each.name() === name)!;
    const options = command.options.filter(({ long }) => long?.includes('passphrase'));
    expect(options.length).toBeGreaterThan(0);
    for (const option of options)
      expect([option.long, option.required]).toEqual([option.long, option.long === '--passphrase-file']);
    expect(command.description() + command.options.map(({ description }) => description).join()).toMatch(/key/);
  }
});
