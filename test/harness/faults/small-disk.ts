// SPDX-License-Identifier: Apache-2.0

import { cpSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Surroundings } from '../cli/gridpeg';
import { waitUntil } from '../wait-until';

/**
 * Puts the data of a node that is stopped onto a file system of its own in memory, which is full. Only what is started
 * in these surroundings sees it.
 */
export class SmallDisk {
  readonly #data: string;
  readonly #copy: string;
  readonly #kept: string;
  readonly #release: string;

  /** @param folder - empty, for what is copied meanwhile */
  constructor(stateDir: string, node: string, folder: string) {
    this.#data = join(stateDir, 'nodes', node, 'data');
    this.#copy = join(folder, `${node}-before`);
    this.#kept = join(folder, `${node}-after`);
    this.#release = join(folder, `${node}-release`);
    cpSync(this.#data, this.#copy, { recursive: true });
  }

  /** For a command that shall find the disk full. */
  full(): Surroundings {
    return { shell: this.#mounting(`${this.#fill()}; exec "$@"`) };
  }

  /** For a command that starts the node; then the disk fills, and lasts until {@link replace}. */
  filling(): Surroundings {
    const lasting = `while ! [ -e ${this.#release} ]; do sleep 0.2; done; rm -f ${this.#data}/filler`;
    const then = `${this.#fill()}; ( ${lasting}; cp -a ${this.#data} ${this.#kept}.partial; `;
    const kept = `mv ${this.#kept}.partial ${this.#kept} ) >/dev/null 2>&1 & exit $status`;
    return { shell: this.#mounting(`"$@"; status=$?; ${then}${kept}`) };
  }

  /** Brings what the node has written to the disk that it had before; the node must have ended. */
  async replace(): Promise<void> {
    writeFileSync(this.#release, '');
    await waitUntil('the data are copied', () => Promise.resolve(existsSync(this.#kept) || undefined));
    rmSync(this.#data, { recursive: true });
    renameSync(this.#kept, this.#data);
    rmSync(this.#copy, { recursive: true });
  }

  /** What a node writes at its start has room. */
  #mounting(script: string): string {
    const mount = `mount -t tmpfs -o size=192m none ${this.#data} && cp -a ${this.#copy}/. ${this.#data}/`;
    return `exec unshare -rm /bin/sh -c '${mount} && { ${script}; }' sh "$@"`;
  }

  #fill(): string {
    return `cat /dev/zero 2>/dev/null >${this.#data}/filler`;
  }
}
