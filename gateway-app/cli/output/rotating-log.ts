// SPDX-License-Identifier: Apache-2.0

import { copyFileSync, fstatSync, ftruncateSync, readFileSync, readlinkSync, writeSync } from 'node:fs';

const defaultLimitBytes = 20 * 1_048_576;
/** Of open(2): each write goes to the end, wherever that is by then. */
const append = 0o2000;

/** Where log lines go. */
export interface LogOutput {
  readonly write: (line: string) => void;
}

/**
 * A log file that was opened for appending, such as the one that a notary's standard output goes to. Beyond the limit
 * its content is moved to `<file>.1`. A line that cannot be written, as on a full disk, is lost: that must not end the
 * program.
 *
 * @param fd - the open file
 * @returns undefined for anything else, such as a terminal or a pipe, which somebody else looks after
 */
export function rotatingLog(fd: number, limitBytes = defaultLimitBytes): LogOutput | undefined {
  if (!fstatSync(fd).isFile() || !isAppending(fd)) return undefined;
  return {
    write: (line) => {
      try {
        writeSync(fd, line);
        if (fstatSync(fd).size > limitBytes) rotate(fd);
      } catch {
        // There is no place left to report it.
      }
    },
  };
}

function rotate(fd: number): void {
  const file = readlinkSync(`/proc/self/fd/${fd.toString()}`);
  copyFileSync(file, `${file}.1`);
  ftruncateSync(fd);
}

function isAppending(fd: number): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd.toString()}`, 'utf8'))?.[1] ?? '0';
  return (parseInt(flags, 8) & append) !== 0;
}
