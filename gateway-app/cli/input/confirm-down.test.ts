// SPDX-License-Identifier: Apache-2.0

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launcher } from '../../consortium/installation';

const folder = mkdtempSync(join(tmpdir(), 'gridpeg-down-'));
const stateDir = join(folder, 'state');
beforeEach(() => {
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(join(stateDir, '.gridpeg-state'), '');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');
const down = (...options: readonly string[]): readonly string[] => [
  ...[process.execPath, launcher, '--state', stateDir, 'down', ...options],
];
/** Runs a command on a terminal, where somebody answers with that. */
const onTerminal = (answer: string, command: readonly string[]): string =>
  execFileSync('script', ['-qec', quoted(command), '/dev/null'], { input: answer, encoding: 'utf8' });

test('`down` says on a terminal what it removes and asks; no answer and no are no', () => {
  for (const answer of ['n\n', '\n', '']) {
    expect(() => onTerminal(answer, down())).toThrow(
      expect.objectContaining({
        stdout: expect.stringMatching(/removes [^]+state[^]+\[y\/N\][^]+NOT_CONFIRMED/) as string,
      }) as Error,
    );
    expect(existsSync(stateDir)).toBe(true);
  }
  expect(onTerminal('y\n', down())).toContain('Everything is down');
  expect(existsSync(stateDir)).toBe(false);
});

test('`down` names the notary whose key and history would go with the folder of a network that others run', () => {
  mkdirSync(join(stateDir, 'notaries', 'ChargingMSP'), { recursive: true });
  expect(() => onTerminal('n\n', down())).toThrow(
    expect.objectContaining({
      stdout: expect.stringMatching(/signing history of the notary of ChargingMSP: keep a copy of both/) as string,
    }) as Error,
  );
  rmSync(join(stateDir, 'notaries'), { recursive: true });
});

test('`down --yes` does not ask on a terminal, and without a terminal it never asks', () => {
  expect(onTerminal('', down('--yes'))).not.toContain('[y/N]');
  expect(existsSync(stateDir)).toBe(false);
  mkdirSync(stateDir);
  writeFileSync(join(stateDir, '.gridpeg-state'), '');
  const [program = '', ...parameters] = down();
  expect(execFileSync(program, parameters, { encoding: 'utf8' })).toContain('Everything is down');
});

test('nodes whose folder is gone are named by `up`, which makes nothing, and counted by `down`', () => {
  rmSync(stateDir, { recursive: true });
  const env = { PATH: '/usr/bin:/bin', GRIDPEG_PROCESS_OF: stateDir, GRIDPEG_NODE: 'peer0' };
  const nodes = [1, 2].map(() => spawn('sleep', ['600'], { env, detached: true, stdio: 'ignore' }));
  try {
    const up = down().map((word) => (word === 'down' ? 'up' : word));
    expect(() => onTerminal('', up)).toThrow(
      expect.objectContaining({
        stdout: expect.stringMatching(/PROCESS_LEFT_OVER: 2 nodes .+ run on.+--state .+ down/) as string,
      }) as Error,
    );
    expect(existsSync(stateDir)).toBe(false);
    expect(onTerminal('', down())).toContain('2 processes of its network ended');
  } finally {
    for (const node of nodes) node.kill('SIGKILL');
  }
});
