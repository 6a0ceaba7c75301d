// SPDX-License-Identifier: Apache-2.0

import { Shim } from 'fabric-shim';

/**
 * Loggers of fabric-shim 2.5.8 and fabric-contract-api 2.5.8 that write debug lines in each transaction or for each
 * state message.
 */
export const chattyLoggers = [
  'lib/handler.js',
  'lib/stub.js',
  'lib/iterators.js',
  'contracts-spi/chaincodefromcontract.js',
  'contracts-spi/datamarshall.js',
  './lib/jsontransactionserializer.js',
] as const;

/**
 * Keeps debug lines from being formatted when nobody asked for them, by CORE_CHAINCODE_LOGGING_LEVEL or later.
 *
 * winston 3 gives each line colours, a time and a stream's passage first, and then finds that its level is not wanted:
 * a sixth of what a chaincode service does. docs/performance.md.
 */
export function suppressDebugLines(): void {
  for (const name of chattyLoggers) {
    const logger = Shim.newLogger(name);
    const debug: unknown = logger.debug;
    if (typeof debug !== 'function') continue;
    const guarded = (...line: readonly unknown[]): unknown =>
      logger.isDebugEnabled() ? Reflect.apply(debug, logger, line) : logger;
    Object.assign(logger, { debug: guarded });
  }
}
