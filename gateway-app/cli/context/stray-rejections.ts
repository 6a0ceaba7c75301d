// SPDX-License-Identifier: Apache-2.0

/**
 * Decides what happens when a promise is rejected that nobody awaits. That is a fault of the program, so it is
 * reported, and it ends nothing. The last call counts.
 *
 * @param report - is called with the reason
 */
export function onStrayRejection(report: (reason: unknown) => void): void {
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', report);
}
