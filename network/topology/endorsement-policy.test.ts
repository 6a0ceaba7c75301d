// SPDX-License-Identifier: Apache-2.0

import { endorsementPolicy } from './endorsement-policy';

test('a majority of three organizations is two of their peers', () => {
  expect(endorsementPolicy('majority', ['AMSP', 'BMSP', 'CMSP'])).toBe("OutOf(2,'AMSP.peer','BMSP.peer','CMSP.peer')");
});

test('a majority of four organizations is three of their peers', () => {
  expect(endorsementPolicy('majority', ['A', 'B', 'C', 'D'])).toMatch(/^OutOf\(3,/);
});

test('a number of organizations is taken as it is', () => {
  expect(endorsementPolicy({ organizations: 1 }, ['A', 'B'])).toBe("OutOf(1,'A.peer','B.peer')");
});

test("a policy in Fabric's own syntax is passed on", () => {
  expect(endorsementPolicy({ policy: "AND('A.peer','B.peer')" }, ['A', 'B'])).toBe("AND('A.peer','B.peer')");
});
