// SPDX-License-Identifier: Apache-2.0

import { runPhases, type Outcome, type Phase } from './run-phases';

type Figures = readonly string[];

const measuring = (name: string): Phase<Figures> => ({
  name,
  run: (before, record) => {
    record([...before, name]);
    return Promise.resolve();
  },
});

/** Records a part of its figures before it fails. */
const failing: Phase<Figures> = {
  name: 'in turns',
  run: (before, record) => {
    record([...before, 'half of the rounds']);
    return Promise.reject(new Error('no peer answers', { cause: new Error('UNAVAILABLE') }));
  },
};

describe('runPhases', () => {
  it('gives the figures of all phases, each of which sees those before it', async () => {
    const outcome = await runPhases([measuring('idle'), measuring('loaded')], [], () => undefined);
    expect(outcome).toEqual({ figures: ['idle', 'loaded'], failure: undefined });
  });

  it('keeps the figures of phases that ended when a later one fails, and names what was not run', async () => {
    const { figures, failure } = await runPhases(
      [measuring('idle'), failing, measuring('end to end'), measuring('cold start')],
      [],
      () => undefined,
    );
    expect(figures).toEqual(['idle', 'half of the rounds']);
    expect(failure).toMatchObject({ phase: 'in turns', notRun: ['end to end', 'cold start'] });
    expect(failure?.reason).toMatch(/no peer answers[^]*UNAVAILABLE/);
  });

  it('saves figures as soon as there are any, and at last what failed', async () => {
    const saved: Array<Outcome<Figures>> = [];
    const outcome = await runPhases([measuring('idle'), failing], [], (soFar) => saved.push(soFar));
    expect(saved.map(({ figures }) => figures)).toEqual([
      ['idle'],
      ['idle', 'half of the rounds'],
      ['idle', 'half of the rounds'],
    ]);
    expect(saved.at(-1)).toEqual(outcome);
  });
});
