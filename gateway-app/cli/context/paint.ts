// SPDX-License-Identifier: Apache-2.0

import pc from 'picocolors';

/** Colours the most important line of a result, unless NO_COLOR is set or the output is a pipe. */
export function paint(line: string): string {
  const { green, red, bold } = colours();
  if (line === 'audit: holds' || line.startsWith('All is well')) return bold(green(line));
  return /^(audit: broken|[A-Z]+(_[A-Z]+)+: )/.test(line) ? bold(red(line)) : line;
}

/** The outcome of a check, five characters wide. */
export function paintStatus(status: 'ok' | 'warn' | 'fail'): string {
  const { green, yellow, red } = colours();
  const colour = { ok: green, warn: yellow, fail: red }[status];
  return colour(status.padEnd(4));
}

function colours(): ReturnType<typeof pc.createColors> {
  // isTTY is undefined in a pipe, and for undefined the library decides itself: in CI, for colours.
  return pc.createColors(process.stdout.isTTY ? pc.isColorSupported : false);
}
