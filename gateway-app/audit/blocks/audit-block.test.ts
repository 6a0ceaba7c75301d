// SPDX-License-Identifier: Apache-2.0

import { blockHashOf, type AuditBlock } from './audit-block';

const zero = '0'.repeat(64);
const block: AuditBlock = {
  number: 0n,
  previousHash: '',
  dataHash: zero,
  dataHashFound: zero,
  flags: [],
  transactions: [],
};

test('a block hash is that of Fabric for numbers whose first bit is set', () => {
  const hashes = [127n, 128n, 255n, 256n, 2n ** 32n].map((number) => blockHashOf({ ...block, number }));
  expect(new Set(hashes).size).toBe(hashes.length);
});
