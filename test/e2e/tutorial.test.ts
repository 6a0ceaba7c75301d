// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeDown } from '@gridpeg/network';
import { gridpegWell, launcher, repositoryDir, runProgram } from '../harness/cli/gridpeg';
import { waitUntil } from '../harness/wait-until';

/** The page's own commands, block by block, in another state folder. */
describe('docs/tutorial.md: a consortium that has nothing to do with energy pegs its two channels', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
  const stateDir = join(folder, 'state');
  const page = readFileSync(join(repositoryDir, 'docs', 'tutorial.md'), 'utf8');
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands = '']) =>
    commands.replaceAll('npx gridpeg', `'${process.execPath}' '${launcher}'`).replaceAll('.points', stateDir),
  );
  afterAll(async () => {
    if (existsSync(stateDir)) await takeDown({ stateDir });
    rmSync(folder, { recursive: true });
  });

  const run = async (block: number): Promise<string> => {
    const script = `cd '${repositoryDir}' && set -e\n${blocks[block] ?? 'exit 9'}`;
    const { status, stdout, stderr } = await runProgram('bash', '-c', script);
    if (status !== 0) throw new Error(`${script}\nends with ${status ?? 'a signal'}\n${stderr}\n${stdout}`);
    return stdout;
  };
  const held = async (chain: string): Promise<string> =>
    (await gridpegWell(stateDir, 'note', 'list', '--chain', chain, '--json')).stdout;

  test('has all of its own in at most 30 lines of chaincode, which the page shows as they are', () => {
    const source = readFileSync(join(repositoryDir, 'docs', 'tutorial', 'points', 'index.js'), 'utf8');
    expect(source.trim().split('\n').length).toBeLessThanOrEqual(30);
    const shown = /^```js\n(.*?)^```$/ms.exec(page)?.[1] ?? '';
    const code = (text: string): string => text.replace(/^ *\/\*\*.*\n/gm, '');
    expect(code(source)).toContain(shown.split('\n\n')[0]);
    expect(source).toContain(shown.trim().split('\n').pop());
  });

  test('points are issued on the one channel and arrive on the other', async () => {
    expect(blocks).toHaveLength(4);
    await run(0);
    await waitUntil('600 points have arrived', async () => (await held('hotel')).includes('"600"'));
  });

  test('and home, while the contract of their own answers beside the peg', async () => {
    expect(await run(1)).toContain('600 point ');
    await waitUntil('240 points have come home', async () => (await held('rail')).includes('"240"'));
    expect((await run(2)).trim().split('\n').pop()).toBe('240');
  });

  test('the audit holds, and nothing is left', async () => {
    expect(await run(3)).toContain('audit: holds');
    expect(existsSync(stateDir)).toBe(false);
  });
});
