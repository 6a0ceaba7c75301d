// SPDX-License-Identifier: Apache-2.0

import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeImages } from './make-images';
import { gatherRootFileSystem } from './root-file-system';

describe('images for tests in containers', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-images-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** A command that notes what it was called with and does as the shell text says. */
  const program = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\necho "$1" >>${join(folder, 'calls')}\n${text}\n`);
    chmodSync(file, 0o700);
    return file;
  };
  const calls = (): readonly string[] => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
  const images = (): ReadonlyMap<string, string> =>
    new Map([['hyperledger/fabric-peer:3.1.4', program('peer', 'echo this machine')]]);

  it('are taken as they are where the engine has them or can pull them', async () => {
    expect(await makeImages(images(), program('has', 'exit 0'), '/usr/bin:/bin')).toEqual([]);
    expect(await makeImages(images(), program('pulls', '[ "$1" = pull ]'), '/usr/bin:/bin')).toEqual([]);
    expect(calls()).toEqual(['image', 'image', 'pull']);
  });

  it('are made of the programs of this machine otherwise, a peer with its external builder', async () => {
    const copy = `for last; do :; done; cp -R "$last" ${folder}/context`;
    const builds = program('builds', `[ "$1" = build ] || exit 1; ${copy}`);
    expect(await makeImages(images(), builds, '/usr/bin:/bin')).toEqual(['hyperledger/fabric-peer:3.1.4']);
    const context = join(folder, 'context');
    expect(readFileSync(join(context, 'Dockerfile'), 'utf8')).toMatch(/^FROM scratch\nCOPY root \/\n/);
    expect(readFileSync(join(context, 'root', 'usr', 'local', 'bin', 'peer'), 'utf8')).toContain('this machine');
    for (const name of ['detect', 'build', 'release']) {
      const file = join(context, 'root', 'opt', 'hyperledger', 'ccaas_builder', 'bin', name);
      expect(statSync(file).mode & 0o555).toBe(0o555);
    }
  });

  it('say why they cannot be built', async () => {
    const fails = program('fails', 'echo no space left >&2; exit 1');
    await expect(makeImages(images(), fails, '/usr/bin:/bin')).rejects.toThrow(
      /fabric-peer:3.1.4 can be neither pulled.*no space left/,
    );
  });

  it('need the programs of a shell', async () => {
    mkdirSync(join(folder, 'root'));
    await expect(gatherRootFileSystem(join(folder, 'root'), [], folder)).rejects.toThrow(/there is no "sh" on PATH/);
  });
});
