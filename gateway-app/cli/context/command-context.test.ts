// SPDX-License-Identifier: Apache-2.0

import { commandContext, printResult } from './command-context';
import { JsonText, reported, result, type CommandResult } from './command-result';

describe('what a command came to', () => {
  let printed: string[];
  let statusBefore: typeof process.exitCode;
  beforeEach(() => {
    printed = [];
    statusBefore = process.exitCode;
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = statusBefore;
  });

  const document = { quantity: 12n, of: 'city/energy' };
  test.each<readonly [what: string, came: CommandResult, json: boolean, text: string]>([
    ['as lines', result(document, ['one', 'two']), false, 'one\ntwo\n'],
    ['as JSON', result(document, ['one']), true, '{\n  "quantity": "12",\n  "of": "city/energy"\n}\n'],
    ['a file as it is', result(new JsonText('{"a":1}'), ['x']), true, '{"a":1}\n'],
    ['nothing that was reported already', reported(), true, ''],
    ['null, which is a document', result(null, []), true, 'null\n'],
  ])('is printed %s', (_what, came, json, text) => {
    printResult(came, json);
    expect(printed.join('')).toBe(text);
    expect(process.exitCode).toBe(statusBefore);
  });

  test.each([false, true])('sets the exit status where it did not go well (--json: %p)', (json) => {
    printResult(result({}, [], 75), json);
    expect(process.exitCode).toBe(75);
  });

  test('is reported piece by piece: one document a line, or lines', () => {
    commandContext({ state: 'x', json: true }).report({ ...document, more: [1] }, ['text']);
    commandContext({ state: 'x' }).report(document, ['text']);
    expect(printed).toEqual(['{"quantity":"12","of":"city/energy","more":[1]}\n', 'text\n']);
  });
});
