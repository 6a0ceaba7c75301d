// SPDX-License-Identifier: Apache-2.0

import { explanations } from './explanations';
import { parseRefusal, PegError } from './peg-error';

describe('an error of the peg', () => {
  test.each(Object.entries(explanations))(
    '%s says in one line what happened and what to do',
    (_code, { summary, remedy }) => {
      expect(summary).toMatch(/^[a-z][^\n]*[^.\n]$/u);
      expect(remedy).toMatch(/^[A-Z][^\n]*\.$/u);
    },
  );

  test('is one line, whatever the transport said', () => {
    const error = new PegError({ code: 'PEER_UNAVAILABLE', detail: '14 UNAVAILABLE:\n  no\tconnection' });
    expect(error.message).toBe(
      'PEER_UNAVAILABLE: no peer of the chain answers (14 UNAVAILABLE: no connection). ' +
        'Check with `gridpeg status` that the chain is up.',
    );
    expect(error.class).toBe('retry');
  });

  test.each([
    'chaincode response 500, {"code":"NOTE_SPENT","noteId":"n"}',
    'error in simulation: transaction returned with failure: Error: {"code":"NOTE_SPENT","noteId":"n"}',
  ])('takes the refusal out of what Fabric wraps around it: %s', (message) => {
    expect(parseRefusal(message)).toEqual({ code: 'NOTE_SPENT', details: { noteId: 'n' } });
  });

  test('keeps a code that a newer chaincode may know', () => {
    expect(parseRefusal('{"code":"BRAND_NEW","limit":3}')).toEqual({
      code: 'REFUSAL_UNKNOWN',
      details: { refusal: 'BRAND_NEW', limit: 3 },
    });
  });

  test.each(['', 'connection refused', '{"code":', '{"code":7}', '{"code":null}'])('finds none in %p', (message) => {
    expect(parseRefusal(message)).toBeUndefined();
  });
});
