// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ToolCall, ToolResult } from '../drivers/driver/driver';
import { runTool } from '../drivers/driver/run-tool';
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

  const writing = (run: (tool: ToolCall) => Promise<ToolResult>) =>
    writeArchive({ run }, { stateDir, topology: 'dev', chainIds: [] }, file);
  /** Starts the archive, as tar does, and ends in this way. */
  const broken =
    (log: string) =>
    ({ command }: ToolCall): Promise<ToolResult> => {
      writeFileSync(command[command.indexOf('-czf') + 1] ?? '', 'half of it');
      return Promise.resolve({ status: 2, output: '', log });
    };
  const expectNothingLeft = (): void => {
    expect(readdirSync(folder)).toEqual(['state']);
    expect(readdirSync(stateDir)).toEqual(['keys']);
  };

  test('is whole, readable by its owner only, and leaves nothing beside it', async () => {
    const { files } = await writing(runTool);
    expect(Object.keys(files)).toEqual(['keys/one']);
    expect(readFileSync(file).length).toBeGreaterThan(0);
    expect(readdirSync(stateDir)).toEqual(['keys']);
  });

  test.each(['tar: archive.tar.gz: Cannot write: No space left on device', 'gzip: stdout: Disk quota exceeded'])(
    'is not there, nor a part of it, where the disk is full, and says so: %s',
    async (log) => {
      await expect(writing(broken(log))).rejects.toMatchObject({ code: 'ENOSPC' });
      expectNothingLeft();
    },
  );

  test('is not there where tar fails, with what tar said', async () => {
    await expect(writing(broken('tar: keys: Cannot open'))).rejects.toMatchObject({ code: 'TOOL_FAILED' });
    expectNothingLeft();
  });

  test('leaves nothing where tar cannot be run, or its folder is gone', async () => {
    await expect(writing(() => Promise.reject(new Error('no tar')))).rejects.toThrow('no tar');
    expectNothingLeft();
    file = join(folder, 'gone', 'snapshot.tar.gz');
    await expect(writing(runTool)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(existsSync(file)).toBe(false);
    expectNothingLeft();
  });
});
