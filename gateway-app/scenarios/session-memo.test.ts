// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { memoCodec } from '@gridpeg/protocol';
import { decodeSessionMemo, encodeSessionMemo, sessionMemo } from './session-memo';
import { type Session } from './sessions/session';

const file = join(__dirname, '..', '..', '..', 'chaincode', 'protocol', 'vectors', 'session-memo.json');
type Energies = Readonly<Record<'requestedWh' | 'deliveredWh', string>>;
const vectors = JSON.parse(readFileSync(file, 'utf8')) as ReadonlyArray<{
  readonly session: Omit<Session, keyof Energies> & Energies;
  readonly memos: Readonly<Record<string, string>>;
}>;

describe('the memo of a charging session', () => {
  test.each(vectors)('is that of the vector for $session', ({ session, memos }) => {
    const energies = { requestedWh: BigInt(session.requestedWh), deliveredWh: BigInt(session.deliveredWh) };
    const memo = sessionMemo({ ...session, ...energies }, 'credit');
    expect(encodeSessionMemo(memo)).toBe(memos['credit']);
    expect(encodeSessionMemo({ ...memo, isReturn: true })).toBe(memos['creditReturned']);
    if (memos['excess'] !== undefined) expect(encodeSessionMemo({ ...memo, part: 'excess' })).toBe(memos['excess']);
  });

  test.each(vectors.flatMap(({ memos }) => Object.values(memos)))('fits a memo and reads back: %s', (memo) => {
    expect(memoCodec.decode(memo, 'memo')).toBe(memo);
    expect(encodeSessionMemo(decodeSessionMemo(memo)!)).toBe(memo);
  });

  const [{ memos }] = vectors as [(typeof vectors)[number]];
  const credit = memos['credit']!;
  test.each(['', 's1', credit.slice(1), `${credit} `, credit.replace('/1', '/2'), credit.replace('credit', 'all')])(
    'is not read from %p',
    (memo) => {
      expect(decodeSessionMemo(memo)).toBeUndefined();
    },
  );
});
