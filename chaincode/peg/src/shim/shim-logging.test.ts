// SPDX-License-Identifier: Apache-2.0

import { Shim } from 'fabric-shim';
import { chattyLoggers, suppressDebugLines } from './shim-logging';

describe('suppressDebugLines', () => {
  beforeAll(suppressDebugLines);

  it.each(chattyLoggers)('lets %s write debug lines only when they are wanted', (name) => {
    const logger = Shim.newLogger(name);
    const write = jest.spyOn(logger, 'write').mockReturnValue(true);
    logger.level = 'info';
    logger.debug('called with key:%s', 'key');
    expect(write).not.toHaveBeenCalled();
    logger.info('ready');
    expect(write).toHaveBeenCalledTimes(1);
    logger.level = 'debug';
    logger.debug('called with key:%s', 'key');
    expect(write).toHaveBeenCalledTimes(2);
  });
});
