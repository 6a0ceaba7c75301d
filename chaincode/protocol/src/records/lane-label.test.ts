// SPDX-License-Identifier: Apache-2.0

import fc from 'fast-check';
import { labelCodec, laneIdCodec } from '../codec/identifiers';
import { labelBehind, unwinds } from './lane-label';
import { city } from '../testing';

const labelOf = (...path: readonly string[]): ReturnType<typeof labelCodec.decode> =>
  labelCodec.decode({ home: city, path }, '');
const [out, back] = ['out', 'back'].map((name) => laneIdCodec.decode(name, '')) as [never, never];
const there = { id: out, returnLaneId: back };
const again = { id: back, returnLaneId: out };

describe('the label behind a lane', () => {
  test.each<[string, readonly string[], boolean, readonly string[]]>([
    ['at home', [], false, ['out']],
    ['that came by another lane', ['a'], false, ['a', 'out']],
    ['that came by this very lane', ['out'], false, ['out', 'out']],
    ['that came by the return lane, but not last', ['a', 'back', 'b'], false, ['a', 'back', 'b', 'out']],
    ['that came by the return lane', ['back'], true, []],
    ['that came by the return lane last', ['a', 'b', 'back'], true, ['a', 'b']],
    ['that came by the return lane twice', ['back', 'back'], true, ['back']],
  ])('of value %s', (_, path, unwinding, behind) => {
    expect(unwinds(labelOf(...path), there)).toBe(unwinding);
    expect(labelBehind(labelOf(...path), there)).toEqual(labelOf(...behind));
  });
  test('T26: what goes out and comes back has the label that it had', () => {
    const path = fc.array(fc.constantFrom('out', 'back', 'a'), { maxLength: 7 });
    fc.assert(
      fc.property(path, (lanes) => {
        // No value has such a path: it would have come back.
        fc.pre(!/out,back|back,out/.test(lanes.join()));
        expect(labelBehind(labelBehind(labelOf(...lanes), there), again)).toEqual(labelOf(...lanes));
      }),
    );
  });
});
