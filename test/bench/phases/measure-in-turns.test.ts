// SPDX-License-Identifier: Apache-2.0

import { measureInTurns } from './measure-in-turns';

describe('measureInTurns', () => {
  it('measures in one order and then in the other, so that what is compared lies next to each other', async () => {
    const turns: string[] = [];
    const measureSlice = (subject: string, round: number): Promise<void> => {
      turns.push(`${subject}${round}`);
      return Promise.resolve();
    };
    await measureInTurns(['A', 'B', 'C'], 4, measureSlice, () => undefined);
    expect(turns.join(' ')).toBe('A1 B1 C1 C2 B2 A2 A3 B3 C3 C4 B4 A4');
  });

  it('gives what it has after every second round, in the order of rounds, also when a later one fails', async () => {
    const seen: string[] = [];
    const measureSlice = (subject: string, round: number): Promise<string> =>
      round === 6 && subject === 'A'
        ? Promise.reject(new Error('peer has ended'))
        : Promise.resolve(`${subject}${round}`);
    const turns = measureInTurns(['A', 'B'], 12, measureSlice, (measured) => {
      seen.push(['A', 'B'].map((subject) => measured.get(subject)?.join(' ')).join(', '));
    });
    await expect(turns).rejects.toThrow('peer has ended');
    expect(seen).toEqual(['A1 A2, B1 B2', 'A1 A2 A3 A4, B1 B2 B3 B4']);
  });
});
