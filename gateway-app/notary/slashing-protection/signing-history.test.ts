// SPDX-License-Identifier: Apache-2.0

import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkpointFileOf } from './history-checkpoint';
import { historyHeader, lineOf, type SignedEntry } from './signing-record';
import { SigningHistory, type HistoryFile } from './signing-history';

const entry = (id: number, content: number): SignedEntry => ({
  subject: `packets city-${'0'.repeat(64)} ${id.toString(16).padStart(64, '0')}`,
  content: content.toString(16).padStart(64, '0'),
});

const header = `${historyHeader}\n`;

describe('the signing history', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-notary-'));
    file = join(folder, 'signed');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('T19: refuses a second content for one packet, also after a restart', async () => {
    const signingHistory = await SigningHistory.open(file);
    await signingHistory.record([entry(1, 1)]);
    await expect(signingHistory.record([entry(2, 2), entry(1, 2)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
    await signingHistory.close();
    const again = await SigningHistory.open(file);
    await expect(again.record([entry(1, 2)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
    await expect(again.record([entry(1, 1)])).resolves.toBeUndefined();
    await again.close();
  });

  test('T19: refuses two contents for one packet within a batch', async () => {
    const signingHistory = await SigningHistory.open(file);
    await expect(signingHistory.record([entry(1, 1), entry(1, 2)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
    await signingHistory.close();
    expect(readFileSync(file, 'utf8')).toBe(header);
  });

  test('writes before it answers, once for each content, readable by its owner only', async () => {
    const signingHistory = await SigningHistory.open(file);
    await Promise.all([1, 2, 3, 1, 2, 3].map((id) => signingHistory.record([entry(id, id)])));
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(4);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    await signingHistory.close();
  });

  test('T32: goes on behind a line that a crash cut short', async () => {
    const signingHistory = await SigningHistory.open(file);
    await signingHistory.record([entry(1, 1)]);
    await signingHistory.close();
    appendFileSync(file, 'packets city-');
    const again = await SigningHistory.open(file);
    await again.record([entry(2, 2)]);
    await again.close();
    const third = await SigningHistory.open(file);
    await expect(third.record([entry(2, 3)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
    await third.close();
  });

  const line = (id: number, content: number): string => lineOf(entry(id, content));

  test.each([
    ['a line is cut short in the middle', line(1, 1) + line(2, 2).slice(0, -9) + '\n' + line(3, 3), 2],
    ['a line is empty', line(1, 1) + line(2, 2) + '\n' + line(3, 3), 3],
    ['NULs stand where a line was', line(1, 1) + '\0'.repeat(line(2, 2).length - 1) + '\n', 2],
    ['a line feed is lost', line(1, 1).trimEnd() + line(2, 2) + line(3, 3), 1],
    ['one character is another', line(1, 1) + line(2, 2).replace(/.\n/, 'x\n') + line(3, 3), 2],
    ['the last whole line is damaged, and something follows', line(1, 1) + 'x\n' + line(2, 2).slice(0, 9), 2],
    ['two lines contradict each other', line(1, 1) + line(2, 2) + line(1, 3), 3],
    ['damage lies behind what is read at once', line(1, 1).repeat(9_000) + 'x\n', 9_001],
    ['a line does not end', line(1, 1) + 'x'.repeat(2 ** 21), 2],
  ])('T48: does not start when %s, and names file and line', async (_what, content, damagedLine) => {
    writeFileSync(file, content);
    await expect(SigningHistory.open(file)).rejects.toMatchObject({
      code: 'SIGNING_HISTORY_DAMAGED',
      details: { file, line: damagedLine },
    });
    expect(readFileSync(file, 'utf8')).toBe(content);
    expect(readdirSync(folder)).toEqual(['signed']);
  });

  test.each<[what: string, content: string | undefined]>([
    ['removed', undefined],
    ['emptied', ''],
    ['filled with NULs', '\0'.repeat(200)],
    ['filled with NULs up to a line feed', `${'\0'.repeat(200)}\n`],
    ['cut within its first line', header.slice(0, 9)],
    ['filled with blanks', ' '.repeat(65_536)],
  ])('T48: does not start when its file was %s, also when nothing was signed', async (_what, content) => {
    for (const signed of [[], [entry(1, 1)]]) {
      const own = join(folder, `signed-${signed.length.toString()}`);
      const signingHistory = await SigningHistory.open(own);
      await signingHistory.record(signed);
      await signingHistory.close();
      const [whole, there] = [readFileSync(own), readdirSync(folder)];
      if (content === undefined) rmSync(own);
      else writeFileSync(own, content);
      const refused = { code: 'SIGNING_HISTORY_DAMAGED', details: { file: own, line: 1 } };
      for (let start = 0; start < 2; start += 1) await expect(SigningHistory.open(own)).rejects.toMatchObject(refused);
      // Nothing is made in its place, and a whole copy of the file is all that it takes.
      expect(readdirSync(folder)).toEqual(there.filter((name) => content !== undefined || join(folder, name) !== own));
      writeFileSync(own, whole);
      const again = await SigningHistory.open(own);
      if (signed.length > 0) await expect(again.record([entry(1, 2)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
      await again.close();
    }
  });

  test('goes on with a file of an earlier version, without a header, empty before the first signature', async () => {
    for (const content of ['', line(1, 1)]) {
      const own = join(folder, `earlier-${content.length.toString()}`);
      writeFileSync(own, content);
      const signingHistory = await SigningHistory.open(own);
      await signingHistory.record([entry(1, 1), entry(2, 2)]);
      await signingHistory.close();
      expect(readFileSync(own, 'utf8')).toBe((content === '' ? header : '') + line(1, 1) + line(2, 2));
      writeFileSync(own, '');
      await expect(SigningHistory.open(own)).rejects.toMatchObject({ code: 'SIGNING_HISTORY_DAMAGED' });
    }
  });

  test('a header is one at the beginning of the file only', async () => {
    writeFileSync(file, header + line(1, 1) + header);
    await expect(SigningHistory.open(file)).rejects.toMatchObject({
      code: 'SIGNING_HISTORY_DAMAGED',
      details: { line: 3 },
    });
  });

  test.each(['p', '\0'.repeat(5_000), line(2, 2).trimEnd(), ' '.repeat(65_536)])(
    'T48: drops at the start what follows the last line feed, and nothing else',
    async (rest) => {
      writeFileSync(file, line(1, 1) + line(1, 1) + rest);
      const signingHistory = await SigningHistory.open(file);
      await signingHistory.close();
      expect(readFileSync(file, 'utf8')).toBe(line(1, 1) + line(1, 1));
    },
  );

  describe('on a disk that fails', () => {
    /** What the next calls do; without one the file works. */
    let faults: Partial<HistoryFile>;
    /** The same of the checkpoint beside it. */
    let checkpointFaults: Partial<HistoryFile>;
    const failing = async (path: string): Promise<HistoryFile> => {
      const real = await open(path, 'r+');
      const faultOf = (name: keyof HistoryFile) => (path === file ? faults : checkpointFaults)[name];
      const through = (name: keyof HistoryFile) => ({
        [name]: (...values: readonly unknown[]): unknown =>
          ((faultOf(name) ?? real[name].bind(real)) as (...given: readonly unknown[]) => unknown)(...values),
      });
      const names = ['stat', 'createReadStream', 'write', 'truncate', 'datasync', 'close'] as const;
      return Object.assign({}, ...names.map(through)) as HistoryFile;
    };
    const full = (): Promise<never> =>
      Promise.reject(Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' }));
    beforeEach(() => {
      faults = {};
      checkpointFaults = {};
    });

    const halfWritten = async (bytes: Buffer, from: number, length: number, position: number) => {
      if (position + from > (header + line(1, 1)).length) return full();
      const other = await open(file, 'r+');
      const written = await other.write(bytes, from, Math.ceil(length / 2), position);
      await other.close();
      return written;
    };

    test.each<[step: string, fault: Partial<HistoryFile>]>([
      ['before anything is written', { write: full }],
      ['in the middle of a line', { write: halfWritten as unknown as HistoryFile['write'] }],
      ['when nothing is written without an error', { write: (() => Promise.resolve({ bytesWritten: 0 })) as never }],
      ['when all is written and nothing is on the disk', { datasync: full }],
      ['and what was left behind cannot be removed', { write: halfWritten as never, truncate: full }],
    ])('T48: answers for nothing that fails %s, and goes on once there is room', async (_step, fault) => {
      const signingHistory = await SigningHistory.open(file, failing);
      await signingHistory.record([entry(1, 1)]);
      faults = fault;
      const both = await Promise.allSettled([
        signingHistory.record([entry(2, 2)]),
        signingHistory.record([entry(2, 2), entry(3, 3)]),
      ]);
      expect(both).toMatchObject([2, 3].map(() => ({ reason: { code: 'SIGNING_HISTORY_FAILED', class: 'retry' } })));
      await expect(signingHistory.probe()).rejects.toMatchObject({ code: 'SIGNING_HISTORY_FAILED' });
      faults = {};
      await signingHistory.probe();
      // It was not signed, so another content may be.
      await signingHistory.record([entry(2, 4)]);
      await signingHistory.close();
      expect(readFileSync(file, 'utf8')).toBe(header + line(1, 1) + line(2, 4));
    });

    /** Cuts a write after half of the bytes and does not say so, as a power failure may. */
    const cutInPlace = async (bytes: Buffer, from: number, length: number, position: number) => {
      const other = await open(checkpointFileOf(file), 'r+');
      await other.write(bytes, from, Math.ceil(length / 2), position);
      await other.close();
      return full();
    };

    test.each<[step: string, fault: Partial<HistoryFile>]>([
      ['is not written', { write: full }],
      ['is written in part', { write: cutInPlace as never }],
      ['says of fewer bytes that they are written', { write: (() => Promise.resolve({ bytesWritten: 9 })) as never }],
      ['is written and not on the disk', { datasync: full }],
    ])('T48: answers for nothing when the checkpoint %s, whatever happens next', async (_step, fault) => {
      for (const isCrash of [false, true]) {
        rmSync(file, { force: true });
        rmSync(checkpointFileOf(file), { force: true });
        const signingHistory = await SigningHistory.open(file, failing);
        for (const id of [1, 2]) await signingHistory.record([entry(id, id)]);
        checkpointFaults = fault;
        await expect(signingHistory.record([entry(3, 3)])).rejects.toMatchObject({ code: 'SIGNING_HISTORY_FAILED' });
        await expect(signingHistory.probe()).rejects.toMatchObject({ code: 'SIGNING_HISTORY_FAILED' });
        checkpointFaults = {};
        if (!isCrash) await signingHistory.record([entry(4, 4)]);
        await signingHistory.close();
        const [last, lost] = isCrash ? [3, 4] : [4, 3];
        expect(readFileSync(file, 'utf8')).toBe(header + line(1, 1) + line(2, 2) + line(last, last));
        const again = await SigningHistory.open(file);
        for (const id of [1, 2, last]) {
          await expect(again.record([entry(id, 9)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
        }
        // Nobody got a signature for it.
        await again.record([entry(lost, 9)]);
        await again.close();
        const third = await SigningHistory.open(file);
        await expect(third.record([entry(lost, 8)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
        await third.close();
      }
    });

    test('T48: a call that waits for the entries of another fails with it', async () => {
      const signingHistory = await SigningHistory.open(file, failing);
      let fail: (error: Error) => void = () => undefined;
      faults = { datasync: () => new Promise<never>((_, reject) => (fail = reject)) };
      const first = signingHistory.record([entry(1, 1)]);
      await new Promise((done) => setTimeout(done, 20));
      faults = {};
      const second = signingHistory.record([entry(1, 1)]);
      fail(new Error('EIO'));
      const ends = await Promise.allSettled([first, second]);
      expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      await signingHistory.record([entry(1, 1)]);
      await signingHistory.close();
      expect(readFileSync(file, 'utf8')).toBe(header + line(1, 1));
    });

    test('T48: a crash at any step of a write leaves a file that starts, with all that was answered for', async () => {
      const steps = { write: halfWritten as never, datasync: full, truncate: full };
      for (const step of [
        ['write', 'truncate'],
        ['datasync', 'truncate'],
      ] as const) {
        const signingHistory = await SigningHistory.open(file, failing);
        await signingHistory.record([entry(1, 1)]);
        faults = Object.fromEntries(step.map((name) => [name, steps[name]]));
        await expect(signingHistory.record([entry(2, 2)])).rejects.toMatchObject({ code: 'SIGNING_HISTORY_FAILED' });
        // Nothing is mended: the process is gone.
        await signingHistory.close();
        faults = {};
        const again = await SigningHistory.open(file);
        await expect(again.record([entry(1, 2)])).rejects.toMatchObject({ code: 'EQUIVOCATION' });
        await again.close();
      }
    });
  });

  test.each<[what: string, change: () => void]>([
    ['removed', () => rmSync(file)],
    [
      'replaced',
      () => {
        renameSync(file, join(folder, 'old'));
        writeFileSync(file, '');
      },
    ],
    ['written to by somebody else', () => appendFileSync(file, line(7, 7))],
    ['emptied', () => writeFileSync(file, '')],
  ])('T48: answers for nothing once its file was %s', async (_what, change) => {
    const signingHistory = await SigningHistory.open(file);
    await signingHistory.record([entry(1, 1)]);
    change();
    await expect(signingHistory.record([entry(2, 2)])).rejects.toMatchObject({ code: 'SIGNING_HISTORY_FAILED' });
    await signingHistory.close();
  });

  describe('that was put back, of what was signed since', () => {
    const taken = async (own: string, later: string): Promise<string> => {
      const other = join(folder, 'later');
      writeFileSync(file, own === '' ? header : own);
      writeFileSync(other, later);
      const signingHistory = await SigningHistory.open(file);
      await signingHistory.takePackets(other).finally(() => signingHistory.close());
      return readFileSync(file, 'utf8').replace(header, '');
    };

    test('T19: takes the packets it does not know, of more than are read at once', async () => {
      const later = Array.from({ length: 9_000 }, (_, id) => line(id, id)).join('');
      expect(later.length).toBeGreaterThan(2 ** 20);
      expect(await taken(line(0, 0), later)).toBe(later);
    });
    test('forgets what was said of receipts, which may come out otherwise', async () => {
      expect(await taken('', line(1, 1).replace('packets', 'receipts'))).toBe('');
    });
    test('keeps its own content of a packet', async () => {
      expect(await taken(line(1, 1), line(1, 2))).toBe(line(1, 1));
    });
    test('T48: takes nothing from one that is empty now', async () => {
      const other = join(folder, 'later');
      await (await SigningHistory.open(other)).close();
      await expect(taken('', '')).rejects.toMatchObject({ code: 'SIGNING_HISTORY_DAMAGED', details: { file: other } });
    });
    test('T32: takes over no line that a crash cut short, on either side', async () => {
      const cut = line(2, 2).slice(0, -9);
      expect(await taken(line(1, 1) + cut, line(3, 3) + cut)).toBe(line(1, 1) + line(3, 3));
    });
  });
});
