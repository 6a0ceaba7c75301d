// SPDX-License-Identifier: Apache-2.0

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killNode, networkStatus } from '@gridpeg/network';
import { auditNetwork } from '../harness/network/audit-network';
import { crashCycles, crashSeed } from '../harness/network/crash-settings';
import { gridpegWell, startGridpeg } from '../harness/cli/gridpeg';
import { agreedLedger } from '../harness/network/ledgers';
import { canListen, engineObjectsOf, portsIn, processesOf } from '../harness/network/leaked-processes';
import { OwnNetwork, waitUntilWell } from '../harness/network/own-network';
import { pseudoRandom } from '../harness/faults/pseudo-random';
import { TestNetwork } from '../harness/network/test-network';

describe(`kill -9 at any time (GRIDPEG_CRASH_SEED=${crashSeed})`, () => {
  const own = new OwnNetwork();
  const { stateDir } = own;
  const archive = join(own.folder, 'network.tar.gz');
  const random = pseudoRandom(crashSeed);
  const below = (limit: number): number => Math.floor(random() * limit);
  /** What was killed, for whoever reads a failure. */
  const history: string[] = [];
  let whole = false;
  afterAll(() => own.down());

  /**
   * Starts a command and kills it some time after it has written so many lines of about `lines`, unless it has ended.
   */
  const interrupt = async (lines: number, ...parameters: readonly string[]): Promise<void> => {
    const command = startGridpeg(stateDir, ...parameters);
    const [enough, milliseconds] = [below(lines), below(600)];
    const ended = new AbortController();
    void command.ended.then(() => {
      ended.abort();
    });
    const written = (): number => command.output().split('\n').length - 1;
    while (!ended.signal.aborted && written() < enough) await sleep(10);
    await sleep(milliseconds);
    history.push(`${parameters.join(' ')} after ${written()} lines`);
    command.kill('SIGKILL');
    await command.ended;
  };

  const killNodes = async (): Promise<void> => {
    const running = await networkStatus({ stateDir });
    const chosen = Array.from({ length: 1 + below(4) }, () => running[below(running.length)]?.name ?? '');
    history.push(chosen.join(', '));
    await Promise.all([...new Set(chosen)].map((node) => killNode({ stateDir, node })));
  };

  const crashes: ReadonlyArray<() => Promise<void>> = [
    killNodes,
    killNodes,
    () => interrupt(4, 'down'),
    () => interrupt(12, 'up'),
    () => interrupt(10, 'restart'),
    () => interrupt(12, 'snapshot', archive),
  ];

  const upToWell = async (): Promise<void> => {
    await gridpegWell(stateDir, 'up');
    await waitUntilWell(stateDir);
    const nodes = await networkStatus({ stateDir });
    expect(nodes.filter(({ state }) => state !== 'running')).toEqual([]);
    expect(new Set(processesOf(stateDir))).toEqual(new Set(nodes.map(({ pid }) => pid)));
  };

  const downToNothing = async (): Promise<void> => {
    const ports = portsIn(stateDir);
    await gridpegWell(stateDir, 'down');
    expect(processesOf(stateDir)).toEqual([]);
    expect(engineObjectsOf(stateDir)).toEqual([]);
    for (const port of ports) expect([port, await canListen(port)]).toEqual([port, true]);
    expect(readdirSync(own.folder)).toEqual([]);
  };

  /** Fails with what was done so far. */
  const telling = async (action: () => Promise<void>): Promise<void> => {
    try {
      await action();
    } catch (error) {
      throw new Error(`after kill -9 of ${history.join('; ')}`, { cause: error });
    }
  };

  test.each(Array.from({ length: crashCycles }, (_, index) => index + 1))('cycle %i', async (cycle) => {
    history.push(`[${cycle}]`);
    await telling(async () => {
      const crash = whole ? crashes[below(crashes.length)] : (): Promise<void> => interrupt(22, 'up');
      await crash?.();
      // Whole, it is a file that was asked for.
      rmSync(archive, { force: true });
      whole = below(5) < 3;
      await (whole ? upToWell() : downToNothing());
    });
  });

  test('afterwards all peers of a chain hold the same ledger, the audit holds, and `down` leaves nothing', async () => {
    await telling(async () => {
      await upToWell();
      const network = new TestNetwork(stateDir);
      try {
        for (const chain of ['city', 'microgrid', 'charging'] as const) {
          expect((await agreedLedger(network, chain)).length).toBeGreaterThan(1);
        }
        expect((await auditNetwork(network)).verdict).toBe('holds');
      } finally {
        network.close();
      }
      await downToNothing();
      await gridpegWell(stateDir, 'down');
      expect(existsSync(stateDir)).toBe(false);
    });
  });
});
