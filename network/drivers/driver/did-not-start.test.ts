// SPDX-License-Identifier: Apache-2.0

import { tmpdir } from 'node:os';

import { didNotStart } from './did-not-start';

const about = { log: '/logs/peer0.log', stateDir: tmpdir() };
const peer = { name: 'peer0', kind: 'peer' } as const;

test.each([
  'panic: write /state/nodes/peer0/data/blockfile: no space left on device',
  "Error: ENOSPC: no space left on device, write '/state/x'",
  'EDQUOT: disk quota exceeded',
  'database or disk is full',
])('a node that ended with "%s" is DISK_FULL, not its own fault', (words) => {
  const error = didNotStart(peer, 'ended while starting', { ...about, words });
  expect(error).toMatchObject({ code: 'DISK_FULL', details: { output: words } });
  expect(error.message).toMatch(/^peer0 ended while starting: the disk of .+ is full\. Make room/);
});

test('another end is told with the log, and for a peer or an orderer with how its ledger is got again', () => {
  const error = didNotStart(peer, 'ended while starting', { ...about, words: 'panic: unexpected EOF' });
  expect(error.code).toBe('NODE_DID_NOT_START');
  expect(error.message).toContain('"gridpeg node refill peer0"');
  expect(didNotStart({ ...peer, kind: 'service' }, 'ended', { ...about, words: '' }).message).not.toContain('refill');
});
