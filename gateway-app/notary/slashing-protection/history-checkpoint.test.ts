// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkpointFileOf, readCheckpoint, type Checkpoint } from './history-checkpoint';
import { historyHeader, lineOf, type SignedEntry } from './signing-record';
import { SigningHistory } from './signing-history';

const entry = (id: number, content: number): SignedEntry => ({
  subject: `packets city-${'0'.repeat(64)} ${id.toString(16).padStart(64, '0')}`,
  content: content.toString(16).padStart(64, '0'),
});
const line = (id: number, content: number): string => lineOf(entry(id, content));
const header = `${historyHeader}\n`;
const checkpointOf = (history: Buffer): Checkpoint => ({
  lines: history.toString('latin1').split('\n').length - 1,
  digest: createHash('sha256').update(history).digest('hex'),
});

describe('the checkpoint of a signing history', () => {
  let folder: string;
  let file: string;

  const checkpoint = (): string => checkpointFileOf(file);
  /** The lines of both files after each batch, oldest first. */
  let copies: { history: Buffer; checkpoint: Buffer }[];
  const copyBoth = () => ({ history: readFileSync(file), checkpoint: readFileSync(checkpoint()) });
  const refused = (damagedFile: string, damagedLine: number) => ({
    code: 'SIGNING_HISTORY_DAMAGED',
    details: { file: damagedFile, line: damagedLine },
  });
  const batches = [[1], [2, 3], [4], [5, 6, 7]];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-checkpoint-'));
    file = join(folder, 'signed');
    const signingHistory = await SigningHistory.open(file);
    copies = [copyBoth()];
    for (const batch of batches) {
      await signingHistory.record(batch.map((id) => entry(id, id)));
      copies.push(copyBoth());
    }
    await signingHistory.close();
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const latest = () => copies[copies.length - 1] ?? copyBoth();

  test('T48: does not start when it was cut at the end of any line, and names the first that is gone', async () => {
    const lines = latest().history.toString('latin1').split('\n').slice(0, -1);
    expect(lines).toHaveLength(8);
    for (let kept = 1; kept < lines.length; kept += 1) {
      const cut = lines.slice(0, kept).join('\n') + '\n';
      for (const rest of ['', 'packets ci', lines[kept] ?? '']) {
        writeFileSync(file, cut + rest);
        await expect(SigningHistory.open(file)).rejects.toMatchObject(refused(file, kept + 1));
        expect(readFileSync(file, 'latin1')).toBe(cut + rest);
        expect(readFileSync(checkpoint())).toEqual(latest().checkpoint);
      }
    }
  });

  test('T48: does not start with an older copy of it', async () => {
    for (const { history } of copies.slice(0, -1)) {
      writeFileSync(file, history);
      const kept = history.toString('latin1').split('\n').length;
      await expect(SigningHistory.open(file)).rejects.toMatchObject(refused(file, kept));
    }
  });

  test('T48: forgets nothing with an older copy of the checkpoint, and counts again', async () => {
    for (const older of copies) {
      writeFileSync(checkpoint(), older.checkpoint);
      const signingHistory = await SigningHistory.open(file);
      for (const id of batches.flat()) {
        await expect(signingHistory.record([entry(id, 9)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
      }
      await signingHistory.close();
      expect(readCheckpoint(file)).toEqual(checkpointOf(latest().history));
    }
  });

  test('T48: starts with copies of both from one moment, which agree', async () => {
    for (const { history, checkpoint: count } of copies) {
      writeFileSync(file, history);
      writeFileSync(checkpoint(), count);
      expect(readCheckpoint(file)).toEqual(checkpointOf(history));
      await (await SigningHistory.open(file)).close();
    }
  });

  test('T48: does not start when a line was changed, swapped or left out in the middle', async () => {
    const other = (text: string, from: string, to: string) => text.replace(from, to);
    const text = latest().history.toString('latin1');
    for (const changed of [
      other(text, line(2, 2), line(2, 9)),
      other(text, line(2, 2), line(9, 9)),
      other(text, line(2, 2) + line(3, 3), line(3, 3) + line(2, 2)),
      other(text, line(2, 2), '') + line(9, 9),
      other(text, header, line(9, 9)),
    ]) {
      writeFileSync(file, changed);
      await expect(SigningHistory.open(file)).rejects.toMatchObject(refused(file, 8));
    }
  });

  test.each<[what: string, change: (whole: string) => string | undefined, damagedLine: number]>([
    ['removed', () => undefined, 1],
    ['emptied', () => '', 1],
    ['filled with NULs', (whole) => '\0'.repeat(whole.length), 1],
    ['cut in its first line', (whole) => whole.slice(0, 9), 1],
    ['cut behind its first line', (whole) => whole.slice(0, whole.indexOf('\n') + 1), 2],
    ['damaged in both places', (whole) => whole.replace(/[0-9a-f]{64}/g, 'x'), 2],
  ])('T48: does not start when the checkpoint was %s', async (_what, change, damagedLine) => {
    const changed = change(latest().checkpoint.toString('latin1'));
    if (changed === undefined) rmSync(checkpoint());
    else writeFileSync(checkpoint(), changed);
    await expect(SigningHistory.open(file)).rejects.toMatchObject(refused(checkpoint(), damagedLine));
  });

  test('T48: a crash within a write of the checkpoint leaves the one before, in every place and byte', async () => {
    const whole = latest().checkpoint;
    for (let cut = whole.indexOf('\n') + 1; cut <= whole.length; cut += 1) {
      const place = cut <= whole.length - 82 ? [cut, whole.length - 82] : [cut, whole.length];
      const torn = Buffer.from(whole);
      torn.fill(0, ...place);
      writeFileSync(checkpoint(), torn);
      const signingHistory = await SigningHistory.open(file);
      await signingHistory.close();
      expect(readCheckpoint(file)).toEqual(checkpointOf(latest().history));
    }
  });

  test('T48: answers for nothing once the checkpoint was removed or replaced', async () => {
    for (const change of [() => rmSync(checkpoint()), () => renameSync(checkpoint(), join(folder, 'old'))]) {
      writeFileSync(checkpoint(), latest().checkpoint);
      writeFileSync(file, latest().history);
      const signingHistory = await SigningHistory.open(file);
      change();
      await expect(signingHistory.record([entry(8, 8)])).rejects.toMatchObject({ code: 'SIGNING_HISTORY_FAILED' });
      await signingHistory.close();
    }
  });

  test('T48: takes nothing over from a history that was cut', async () => {
    writeFileSync(file, copies[1]?.history ?? '');
    const signingHistory = await SigningHistory.open(join(folder, 'restored'));
    await expect(signingHistory.takePackets(file)).rejects.toMatchObject(refused(file, 3));
    await signingHistory.close();
  });

  test('counts the lines of a history whose checkpoint an earlier version has made', async () => {
    writeFileSync(
      checkpoint(),
      'Says that the signing history beside it was begun, and may not be missing or empty.\n',
    );
    await (await SigningHistory.open(file)).close();
    expect(readCheckpoint(file)).toEqual(checkpointOf(latest().history));
    writeFileSync(file, copies[1]?.history ?? '');
    await expect(SigningHistory.open(file)).rejects.toMatchObject(refused(file, 3));
  });
});
