// SPDX-License-Identifier: Apache-2.0

import { codeEntries, similarCode } from './code-tables';

describe('the codes of gridpeg', () => {
  test.each(codeEntries.map((entry) => [entry.code, entry.part, entry] as const))(
    '%s (%s) says in one line what happened and what to do',
    (code, _part, { summary, remedy }) => {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(summary).toMatch(/^[a-zA-Z][^\n]*[^.\n]$/);
      expect(remedy).toMatch(/^[A-Z][^\n]*\.$/);
    },
  );

  test('each part says a code once', () => {
    const said = codeEntries.map(({ code, part }) => `${part} ${code}`);
    expect(new Set(said).size).toBe(said.length);
    expect(new Set(codeEntries.map(({ part }) => part)).size).toBe(6);
  });

  test.each([
    ['NOTE_SPEND', 'NOTE_SPENT'],
    ['PORTTAKEN', 'PORT_TAKEN'],
    ['GO_MISING', 'GO_MISSING'],
    ['WHATEVER_ELSE_THERE_IS', undefined],
    ['', undefined],
  ])('for %p suggests %p', (text, similar) => {
    expect(similarCode(text)).toBe(similar);
  });
});
