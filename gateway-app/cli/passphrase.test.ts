// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gridpegCommand } from './gridpeg-command';
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
