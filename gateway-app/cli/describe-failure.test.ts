// SPDX-License-Identifier: Apache-2.0

import { CommandError } from './command-error';
import { describeFailure } from './describe-failure';

describe('describeFailure', () => {
  test('tells code and message of an expected failure', () => {
    expect(describeFailure(new CommandError('LANE_UNKNOWN', 'no lane x. Name another.'))).toEqual({
      code: 'LANE_UNKNOWN',
      message: 'no lane x. Name another.',
      exitStatus: 1,
    });
  });

  test('does not repeat a code that the message begins with', () => {
    const error = Object.assign(new Error('NOTE_SPENT: there is\nno such note. List them.'), { code: 'NOTE_SPENT' });
    expect(describeFailure(error)).toMatchObject({ code: 'NOTE_SPENT', message: 'there is no such note. List them.' });
  });

  test('hands on what a tool printed last', () => {
    const error = Object.assign(new Error('it ended. Read on.'), { code: 'TOOL_FAILED', detail: 'last\nlines' });
    expect(describeFailure(error).detail).toBe('last\nlines');
  });

  test('ends with 2 when the command line is wrong', () => {
    expect(describeFailure(new CommandError('USAGE', 'unknown option. See --help.')).exitStatus).toBe(2);
  });

  test('says that anything else is a fault of the program', () => {
    expect(describeFailure(new TypeError('x is undefined'))).toMatchObject({ code: 'UNEXPECTED', exitStatus: 1 });
    expect(describeFailure('nothing')).toMatchObject({ code: 'UNEXPECTED' });
  });
});
