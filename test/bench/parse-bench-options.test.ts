// SPDX-License-Identifier: Apache-2.0

import { parseBenchOptions, UsageError } from './parse-bench-options';

describe('parseBenchOptions', () => {
  it('measures everything unless told otherwise', () => {
    expect(parseBenchOptions([])).toEqual({
      seconds: 6,
      concurrency: 32,
      parts: new Set(['yardstick', 'notes', 'cross-chain', 'end-to-end', 'cold-start']),
      packets: 10_000,
      topology: 'dev',
      profile: undefined,
      json: undefined,
      state: undefined,
    });
  });

  it('takes the parts asked for', () => {
    expect(parseBenchOptions(['--only', 'notes,yardstick'])?.parts).toEqual(new Set(['notes', 'yardstick']));
  });

  it('gives nothing where help is asked for', () => {
    expect(parseBenchOptions(['--help'])).toBeUndefined();
  });

  it.each([
    [['--seconds', '0']],
    [['--seconds', '1e3']],
    [['--concurrency', '257']],
    [['--only', 'notes,']],
    [['--profile']],
    [['--fast']],
    [['file']],
  ])('refuses %j', (parameters) => {
    expect(() => parseBenchOptions(parameters)).toThrow(UsageError);
  });
});
