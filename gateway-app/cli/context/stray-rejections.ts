// SPDX-License-Identifier: Apache-2.0

/**
 * Says what happens when a promise is rejected that nobody waits for: that is a fault of the program, so it is
 * reported, and it ends nothing. The last call counts.
 *
 * @param report - is called with the reason
 */
export function onStrayRejection(report: (reason: unknown) => void): void {
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', report);
}
