// SPDX-License-Identifier: Apache-2.0

import pc from 'picocolors';

/** Colours the one line of a result that everybody looks for; honours NO_COLOR, and pipes. */
export function paint(line: string): string {
  const { green, red, bold } = pc.createColors(pc.isColorSupported && process.stdout.isTTY);
  if (line === 'audit: holds' || line.startsWith('All is well')) return bold(green(line));
  return /^(audit: broken|[A-Z]+(_[A-Z]+)+: )/.test(line) ? bold(red(line)) : line;
}
