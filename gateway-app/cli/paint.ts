// SPDX-License-Identifier: Apache-2.0

import pc from 'picocolors';

/** Colours the one line of a result that everybody looks for; honours NO_COLOR, and pipes. */
export function paint(line: string): string {
  // isTTY is undefined in a pipe, and for undefined the library decides itself: in CI, for colours.
  const { green, red, bold } = pc.createColors(process.stdout.isTTY ? pc.isColorSupported : false);
  if (line === 'audit: holds' || line.startsWith('All is well')) return bold(green(line));
  return /^(audit: broken|[A-Z]+(_[A-Z]+)+: )/.test(line) ? bold(red(line)) : line;
}
