// SPDX-License-Identifier: Apache-2.0

import { type Profiler } from 'node:inspector';
import { sharesByPackage } from './profile-shares';

const frames: ReadonlyArray<readonly [url: string, functionName: string]> = [
  ['', '(idle)'],
  ['', '(garbage collector)'],
  ['file:///srv/node_modules/@hyperledger/fabric-protos/lib/ledger.js', 'read'],
  ['file:///srv/node_modules/one/node_modules/two/index.js', 'read'],
  ['file:///srv/gateway-app/dist/notary/signing/signer.js', 'sign'],
  ['node:internal/streams/readable', 'push'],
];

const profile: Profiler.Profile = {
  nodes: frames.map(([url, functionName], id) => {
    return { id, callFrame: { url, functionName, scriptId: '0', lineNumber: 0, columnNumber: 0 } };
  }),
  startTime: 0,
  endTime: 1_000_000,
  samples: [4, 0, 1, 2, 3, 4, 5, 4],
  timeDeltas: [300_000, 500_000, 50_000, 100_000, 50_000, 150_000, 50_000, 100_000],
};

describe('sharesByPackage', () => {
  it('counts what ran, neither what was idle nor the profiler itself, by the innermost package', () => {
    expect(sharesByPackage([profile, profile])).toEqual({
      busySeconds: 1,
      packages: {
        'gateway-app/notary': 0.5,
        '@hyperledger/fabric-protos': 0.2,
        '(garbage collector)': 0.1,
        two: 0.1,
        node: 0.1,
      },
    });
  });

  it('knows of nothing in no profiles', () => {
    expect(sharesByPackage([])).toEqual({ busySeconds: 0, packages: {} });
  });
});
