// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packetBatchOf, packetWith, proofOf } from '@gridpeg/protocol/testing';
import pino from 'pino';
import { decodeProofFile } from '../../client';
import { DisputedProofs } from './disputed-proofs';

describe('T43: a proof that the own peer contradicts', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'gridpeg-notary-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const log = pino({ level: 'silent' });
  const dispute = { packetId: packetWith().id, proof: proofOf(packetBatchOf(packetWith())) };
  const files = (): readonly string[] => readdirSync(join(folder, 'disputed'));

  test('is kept as a proof file, once a packet', async () => {
    const disputes = new DisputedProofs(folder, log);
    expect(await disputes.keep(dispute)).toBe(false);
    expect(await disputes.keep(dispute)).toBe(true);
    const [name, another] = files();
    expect(another).toBeUndefined();
    const kept = decodeProofFile(readFileSync(join(folder, 'disputed', name!), 'utf8'));
    expect(kept).toMatchObject({ packetId: dispute.packetId, certificate: { proof: dispute.proof, signatures: [] } });
  });
  test('T34: is one of a hundred at most, so nobody fills the disk by asking for signatures', async () => {
    const disputes = new DisputedProofs(folder, log);
    for (let index = 0; index < 103; index += 1) {
      await disputes.keep({ ...dispute, packetId: packetWith({ index }).id });
    }
    expect(files()).toHaveLength(100);
    // What is not kept is none that was: its endorsers are accused all the same.
    expect(await disputes.keep({ ...dispute, packetId: packetWith({ index: 102 }).id })).toBe(false);
    expect(await disputes.keep({ ...dispute, packetId: packetWith({ index: 0 }).id })).toBe(true);
  });
  test('that cannot be kept ends nothing', async () => {
    writeFileSync(join(folder, 'disputed'), 'a file in its place');
    expect(await new DisputedProofs(folder, log).keep(dispute)).toBe(false);
  });
});
