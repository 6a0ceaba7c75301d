// SPDX-License-Identifier: Apache-2.0

import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { earlierCertificate } from '@gridpeg/protocol';
import { type Logger } from 'pino';
import { encodeProofFile } from '../../client';
import { type Dispute } from './accuser';

/** Whoever asks for signatures could fill the disk otherwise; one proof is evidence enough. */
const maximumFiles = 100;

/** Keeps proofs that the own peer contradicts as proof files, one a packet, for `gridpeg evidence find`. */
export class DisputedProofs {
  readonly #folder: string;
  readonly #log: Logger;

  constructor(dataDir: string, log: Logger) {
    this.#folder = join(dataDir, 'disputed');
    this.#log = log;
  }

  /** Never fails: what cannot be kept is logged. @returns whether a proof about its packet was kept before */
  async keep({ packetId, proof }: Pick<Dispute, 'packetId' | 'proof'>): Promise<boolean> {
    const file = join(this.#folder, `${packetId}.json`);
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      const kept = await readdir(this.#folder);
      if (kept.includes(basename(file))) return true;
      if (kept.length >= maximumFiles) return false;
      const certificate = earlierCertificate(proof, 0, []);
      await writeFile(file, `${encodeProofFile({ version: 1, packetId, certificate })}\n`, { mode: 0o600, flag: 'wx' });
      this.#log.error({ packetId, file }, 'the own peer contradicts a proof, which is kept');
      return false;
    } catch (error) {
      this.#log.error({ packetId, err: error }, 'a proof that the own peer contradicts was not kept');
      return false;
    }
  }
}
