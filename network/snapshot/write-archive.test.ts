// SPDX-License-Identifier: Apache-2.0

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { writeArchive } from './write-archive';

describe('the archive of a state folder', () => {
  let folder: string;
  let stateDir: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
    stateDir = join(folder, 'state');
    mkdirSync(join(stateDir, 'keys'), { recursive: true });
    writeFileSync(join(stateDir, 'keys', 'one'), 'key');
    file = join(folder, 'snapshot.tar.gz');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const writing = () => writeArchive({ stateDir, topology: 'dev', chainIds: [] }, file);
  const expectNothingLeft = (): void => {
    expect(readdirSync(folder)).toEqual(['state']);
    expect(readdirSync(stateDir)).toEqual(['keys']);
  };

  test('is whole, readable by its owner only, and leaves nothing beside it', async () => {
    const { files } = await writing();
    expect(Object.keys(files)).toEqual(['keys/one']);
    expect(readFileSync(file).length).toBeGreaterThan(0);
    expect(readdirSync(stateDir)).toEqual(['keys']);
  });

  test('leaves nothing where a file cannot be read, or its folder is gone', async () => {
    symlinkSync(join(folder, 'gone'), join(stateDir, 'dangling'));
    await expect(writing()).rejects.toMatchObject({ code: 'ENOENT' });
    rmSync(join(stateDir, 'dangling'));
    expectNothingLeft();
    file = join(folder, 'gone', 'snapshot.tar.gz');
    await expect(writing()).rejects.toMatchObject({ code: 'ENOENT' });
    expect(existsSync(file)).toBe(false);
    expectNothingLeft();
  });
});
