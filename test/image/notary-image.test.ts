// SPDX-License-Identifier: Apache-2.0

import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importNetwork } from '@gridpeg/network';
import { grid } from '@gridpeg/protocol/testing';
import { repositoryDir, runProgram } from '../harness/cli/gridpeg';
import { waitUntil } from '../harness/wait-until';

const pem = (key: typeof grid.notaryKey): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Runs docker and demands that it ends well. @returns what it prints, without space around */
async function dockerWell(...parameters: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await runProgram('docker', ...parameters);
  if (status !== 0) throw new Error(`docker ${parameters.join(' ')}: ${String(status)}\n${stderr}`);
  return stdout.trim();
}

describe('the image of a notary', () => {
  const suffix = process.pid.toString();
  const names = {
    image: `gridpeg-test-notary:${suffix}`,
    volume: `gridpeg-${suffix}`,
  };
  /** What is mounted, at the path at which the folder was made. */
  let folder: string;

  beforeAll(async () => {
    const application = join(repositoryDir, 'gateway-app');
    execFileSync(process.execPath, [join(repositoryDir, 'scripts', 'bundle-chaincode.mjs'), application]);
    const context = mkdtempSync(join(tmpdir(), 'gridpeg-context-'));
    for (const name of ['Dockerfile', '.dockerignore', 'bundle'])
      cpSync(join(application, name), join(context, name), { recursive: true });
    await dockerWell('build', '--quiet', '--tag', names.image, context);
    rmSync(context, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-image-'));
    await writeFolder();
    await dockerWell('volume', 'create', names.volume);
  });
  afterAll(async () => {
    const left = await dockerWell('ps', '--all', '--quiet', '--filter', `ancestor=${names.image}`);
    for (const id of left.split('\n').filter((line) => line !== '')) await dockerWell('rm', '--force', id);
    await dockerWell('volume', 'rm', names.volume);
    await dockerWell('rmi', names.image);
    rmSync(folder, { recursive: true });
  });

  async function writeFolder(): Promise<void> {
    const write = (name: string, content: string): void => writeFileSync(join(folder, name), content);
    write('client.pem', grid.client.certificate);
    write('client-key.pem', pem(grid.client.key));
    write('signing-key.pem', pem(grid.notaryKey));
    const settings = {
      ...{ organization: grid.mspId, state: 'state', listen: '0.0.0.0:7310', dataDir: '/var/lib/gridpeg' },
      ...{ certificate: 'client.pem', privateKey: 'client-key.pem', signingKey: 'signing-key.pem' },
      notaries: { [grid.mspId]: 'https://notary.grid.example.com:443' },
    };
    write('notary.yaml', JSON.stringify(settings));
    await importNetwork(join(folder, 'state'), (state) => {
      const caCertFile = join(state, 'ca.pem');
      const connectionProfile = { json: join(state, 'profile.json'), yaml: join(state, 'profile.yaml') };
      const organization = { mspId: grid.mspId, name: 'Grid', domain: 'grid.example.com', users: [] };
      return {
        files: new Map([['ca.pem', grid.caCertificate]]),
        state: {
          ...{ format: 1, topology: 'imported', chains: [] },
          organizations: [{ ...organization, caCertFile, tlsCaCertFile: caCertFile, connectionProfile }],
          peg: {
            ...{ assets: [], lanes: [], proofPolicy: {}, governance: { delay: '1h', urgentDelay: '0s' } },
            committee: { threshold: 1, notaries: [grid.mspId] },
          },
        },
      };
    });
    // As a file of another user that the notary's may read.
    execFileSync('chmod', ['-R', 'a+rX', folder]);
  }

  /** A container as the documentation starts it, but without a network: it only talks to itself. */
  const start = (): Promise<string> =>
    dockerWell(
      ...['run', '--detach', '--read-only', '--cap-drop', 'ALL', '--network', 'none', '--health-interval', '1s'],
      ...['--volume', `${names.volume}:/var/lib/gridpeg`, '--volume', `${folder}:${folder}:ro`],
      ...['--env', `GRIDPEG_NOTARY_CONFIG=${join(folder, 'notary.yaml')}`, names.image],
    );
  const state = (id: string, field: string): Promise<string> =>
    dockerWell('inspect', '--format', `{{.State.${field}}}`, id);
  const logs = async (id: string): Promise<string> => {
    const { stdout, stderr } = await runProgram('docker', 'logs', id);
    return `${stdout}${stderr}`;
  };
  const untilHealthy = (id: string): Promise<unknown> =>
    waitUntil('the container is healthy', async () => {
      if ((await state(id, 'Running')) !== 'true') throw new Error(await logs(id));
      return (await state(id, 'Health.Status')) === 'healthy';
    });
  const evaluate = (id: string, code: string): Promise<string> => dockerWell('exec', id, 'node', '-p', code);

  test('is healthy without root rights on a read-only file system, and keeps its history on the volume', async () => {
    const id = await start();
    await untilHealthy(id);
    expect(await evaluate(id, 'process.getuid()')).toBe('1000');
    const writing = await runProgram('docker', 'exec', id, 'node', '-e', 'fs.writeFileSync("/opt/gridpeg/x", "")');
    expect(writing.stderr).toMatch(/EROFS|EACCES/);
    expect(await evaluate(id, 'fs.readdirSync("/var/lib/gridpeg").join()')).toMatch(/signed-[0-9a-f]{16}\.log/);
    // Another one on the same volume would sign beside it.
    const second = await start();
    expect(await dockerWell('wait', second)).not.toBe('0');
    expect(await logs(second)).toMatch(/SIGNING_HISTORY_LOCKED/);
    await dockerWell('stop', id);
    expect(await state(id, 'ExitCode')).toBe('0');
    const next = await start();
    await untilHealthy(next);
    await dockerWell('kill', next);
    const last = await start();
    await untilHealthy(last);
  });
});
