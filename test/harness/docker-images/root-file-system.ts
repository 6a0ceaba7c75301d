// SPDX-License-Identifier: Apache-2.0

import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, realpath } from 'node:fs/promises';
import { basename, delimiter, dirname, join } from 'node:path';
import { accessSync, constants } from 'node:fs';

/** What the external builder of a peer and start scripts use, beside a shell. */
const shellPrograms = ['sh', 'cat', 'cp', 'grep', 'mkdir', 'sed', 'sort', 'tr'];

/**
 * Gathers a root file system for an image: a shell with a few programs of this machine, and the programs named, with
 * the libraries that they are linked to.
 *
 * @param folder - empty
 * @param programs - absolute paths; they come to lie in /usr/local/bin
 * @param searchPath - where the shell's programs are looked for
 * @throws Error if one is not there
 */
export async function gatherRootFileSystem(
  folder: string,
  programs: readonly string[],
  searchPath: string,
): Promise<void> {
  await mkdir(join(folder, 'tmp'), { recursive: true, mode: 0o777 });
  await mkdir(join(folder, 'usr', 'local', 'bin'), { recursive: true });
  for (const name of shellPrograms) await addProgram(folder, locate(name, searchPath), join('bin', name));
  for (const program of programs) {
    await addProgram(folder, program, join('usr', 'local', 'bin', basename(program)));
  }
}

async function addProgram(folder: string, program: string, target: string): Promise<void> {
  await copyInto(folder, await realpath(program), target);
  for (const library of librariesOf(program)) {
    // By the name that the program asks for, wherever the link leads.
    await copyInto(folder, await realpath(library), library);
  }
}

async function copyInto(folder: string, source: string, target: string): Promise<void> {
  const file = join(folder, target);
  await mkdir(dirname(file), { recursive: true });
  await copyFile(source, file);
}

/** Absolute paths of the libraries and of the loader; none for a static program, which ldd refuses. */
function librariesOf(program: string): readonly string[] {
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  return [...stdout.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)].map(([, path = '']) => path);
}

function locate(name: string, searchPath: string): string {
  const found = searchPath
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
  if (found !== undefined) return found;
  throw new Error(`an image has to be made and there is no "${name}" on PATH`);
}
