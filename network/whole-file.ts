// SPDX-License-Identifier: Apache-2.0

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file so that it is there whole or not at all; its folder is made if need be. */
export function writeWhole(file: string, content: string | Buffer, mode = 0o600): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const partial = `${file}.partial`;
  writeFileSync(partial, content, { mode });
  renameSync(partial, file);
}

/** Writes a value as JSON, whole or not at all. */
export function writeJson(file: string, value: unknown): void {
  writeWhole(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
