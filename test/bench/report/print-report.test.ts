// SPDX-License-Identifier: Apache-2.0

import { type BenchReport } from './bench-report';
import { noFigures } from './figures';
import { printReport } from './print-report';

const report: BenchReport = {
  schema: 'gridpeg-bench/2',
  date: '2026-01-01T00:00:00.000Z',
  durationSeconds: 60,
  machine: { node: 'v20', linux: '6', cores: 2, processor: '', memoryBytes: 1, loadAverageBefore: 0 },
  network: { topology: 'dev', fabricVersion: '3.1.4', chains: [] },
  seconds: 1,
  ...noFigures,
  ratios: [],
};

describe('printReport', () => {
  it('shows a ratio with its quartiles, its aim and what that says', () => {
    const ratio = { name: 'note transfers / yardstick', samples: 12, lower: 1.1, middle: 1.19, upper: 1.3 };
    const aim = { bound: 'at least', value: 1.2, verdict: 'undecided' } as const;
    expect(printReport({ ...report, ratios: [{ ...ratio, aim }] })).toContain(
      'note transfers / yardstick  1.19 (1.10 to 1.30)  n = 12  aim at least 1.2: undecided',
    );
  });

  it('says what failed and what was not run', () => {
    const failure = { phase: 'in turns', reason: 'Error: no peer answers\n    at somewhere', notRun: ['cold start'] };
    const text = printReport({ ...report, failure });
    expect(text).toContain('FAILED: in turns; not run: cold start\n  Error: no peer answers\n');
    expect(text).not.toContain('somewhere');
  });

  it('speaks of no failure when there was none', () => {
    expect(printReport(report)).not.toContain('FAILED');
  });
});
