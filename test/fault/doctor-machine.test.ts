// SPDX-License-Identifier: Apache-2.0

import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doctor, problemsIn } from '../harness/cli/doctor';
import { startGridpegIn, type Surroundings } from '../harness/cli/gridpeg';

/** Faults of the machine, injected for real: by PATH, by limits, and by mounts in a namespace of the command's own. */
describe('gridpeg doctor where there is no network', () => {
  let folder: string;
  let stateDir: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
    stateDir = join(folder, 'state');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** A PATH with these programs, each a script, and Node unless it is replaced. */
  const pathWith = (programs: Readonly<Record<string, string>>): { PATH: string } => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    if (programs['node'] === undefined) symlinkSync(process.execPath, join(bin, 'node'));
    for (const [name, script] of Object.entries(programs)) {
      if (script === '') continue;
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    return { PATH: bin };
  };
  const says = (version: string): string => `echo ${version}`;
  const fabric = (version: string): Record<string, string> => {
    const programs = ['peer', 'orderer', 'configtxgen', 'cryptogen', 'osnadmin', 'discover'];
    return Object.fromEntries(programs.map((name) => [name, `echo " Version: ${version}"`]));
  };
  /** Mounts are the command's own, whoever runs it. */
  const mounting = (script: string): Surroundings => ({ shell: `exec unshare -rm /bin/sh -c '${script}' sh "$@"` });

  test('says that all is well, and that there is no network', async () => {
    const report = await doctor(stateDir);
    expect(problemsIn(report).filter((line) => line.startsWith('fail'))).toEqual([]);
    expect(report.findings.map(({ what }) => what)).toContain(`there is no network in ${stateDir}`);
    expect(report.seconds).toBeLessThan(30);
  });

  test.each<readonly [code: string, cause: RegExp, inject: () => Surroundings, option: string]>([
    ['NODEJS_MISSING', /no "node" on PATH/, () => ({ env: pathWith({ node: '' }) }), ''],
    ['NODEJS_VERSION', /"node" on PATH is 18\.20\.4/, () => ({ env: pathWith({ node: says('v18.20.4') }) }), ''],
    [
      'GO_MISSING',
      /no "go" on PATH: Fabric has to be built/,
      () => ({ env: { ...pathWith({}), XDG_CACHE_HOME: folder } }),
      '',
    ],
    [
      'GO_VERSION',
      /"go" on PATH is 1\.20\.14/,
      () => ({ env: { ...pathWith({ go: says('go version go1.20.14 linux/amd64') }), XDG_CACHE_HOME: folder } }),
      '',
    ],
    [
      'FABRIC_BINARY_VERSION',
      /bin\/peer is version v2\.5\.9/,
      () => ({ env: { ...pathWith(fabric('v2.5.9')), GRIDPEG_FABRIC_BIN: join(folder, 'bin') } }),
      '',
    ],
    ['FABRIC_BINARY_MISSING', /lacks one of peer, orderer/, () => ({ env: { GRIDPEG_FABRIC_BIN: folder } }), ''],
    ['CONTAINER_CLI_MISSING', /no "docker" on PATH/, () => ({ env: pathWith({}) }), '--docker'],
    ['CONTAINER_ENGINE_DOWN', /no Docker engine answers/, () => ({ env: pathWith({ docker: 'exit 1' }) }), '--docker'],
    [
      'COMPOSE_MISSING',
      /neither "docker compose" nor "docker-compose"/,
      () => ({ env: pathWith({ docker: 'test "$1" = version && echo 29.0.1' }) }),
      '--docker',
    ],
    [
      'DISK_LOW',
      /^0 MB are free for /,
      () => {
        mkdirSync(stateDir);
        return mounting(`mount -t tmpfs -o size=800k none ${stateDir} && exec "$@"`);
      },
      '',
    ],
    ['OPEN_FILES_LOW', /only 256 files/, () => ({ shell: 'ulimit -n 256 && exec "$@"' }), ''],
    [
      'MEMORY_LOW',
      /^97 MB are available/,
      () => {
        writeFileSync(join(folder, 'meminfo'), 'MemTotal: 9999999 kB\nMemAvailable: 100000 kB\n');
        return mounting(`mount --bind ${folder}/meminfo /proc/meminfo && exec "$@"`);
      },
      '',
    ],
    ['PLATFORM_UNSUPPORTED', /there is no \/proc/, () => mounting('mount -t tmpfs none /proc && exec "$@"'), ''],
    [
      'STATE_DIR_FOREIGN',
      /holds files that gridpeg did not make/,
      () => {
        mkdirSync(stateDir);
        writeFileSync(join(stateDir, 'thesis.tex'), '');
        return {};
      },
      '',
    ],
  ])('%s: names the cause, %s', async (code, cause, inject, option) => {
    const report = await doctor(stateDir, inject(), ...(option === '' ? [] : [option]));
    const found = report.findings.filter((finding) => finding.code === code);
    expect(found.map(({ status }) => status)).toEqual(['fail']);
    expect(found[0]?.what).toMatch(cause);
    expect(found[0]?.remedy).toMatch(/^[A-Z]/);
  });

  test('a missing Go is only worth a warning where Fabric is built already', async () => {
    const env = { ...pathWith(fabric('v3.1.4')), GRIDPEG_FABRIC_BIN: join(folder, 'bin') };
    const { findings } = await doctor(stateDir, { env });
    expect(findings.find(({ check }) => check === 'go')).toMatchObject({ code: 'GO_MISSING', status: 'warn' });
  });

  test('TOPOLOGY_INVALID: names file, line and what is allowed', async () => {
    const file = join(folder, 'broken.yaml');
    writeFileSync(file, '# SPDX-License-Identifier: Apache-2.0\nname: broken\nchains: 7\n');
    const { findings } = await doctor(stateDir, {}, '--topology', file);
    const found = findings.find(({ code }) => code === 'TOPOLOGY_INVALID');
    expect(found?.what).toContain(`${file}:2: organizations`);
  });

  test('PROCESS_LEFT_OVER: finds processes of a network whose folder is gone, and --fix ends them', async () => {
    // In a namespace of processes of its own, so that nothing else can be found, and ended.
    const gone = join(folder, 'gone');
    const shell =
      "exec unshare -rmpf --mount-proc /bin/sh -c 'GRIDPEG_PROCESS_OF=" +
      `${gone} sleep 600 & "$@"; status=$?; kill $! 2>/dev/null && echo still there >&2; exit $status' sh "$@"`;
    const { findings } = await doctor(stateDir, { shell });
    const found = findings.find(({ code }) => code === 'PROCESS_LEFT_OVER');
    expect(found?.what).toBe(`1 processes of a network run on whose folder ${gone} is gone`);
    const report = await doctor(stateDir, { shell }, '--fix');
    expect(report.fixed).toEqual([{ done: true, what: `ended 1 process of ${gone}` }]);
    expect(report.findings.map(({ code }) => code)).not.toContain('PROCESS_LEFT_OVER');
  });

  test('on a terminal or not, says one line a check, and a failure with its code and what to do', async () => {
    const ended = await startGridpegIn({ env: pathWith({ node: '' }) }, stateDir, 'doctor').ended;
    expect(ended.status).toBe(1);
    const lines = ended.stdout.trimEnd().split('\n');
    expect(lines.slice(0, -1).every((line) => /^(ok {3}|warn {1}|fail {1}) /.test(line))).toBe(true);
    expect(lines).toContainEqual(
      expect.stringMatching(/^fail {2}node: NODEJS_MISSING: there is no "node" on PATH\. Install .+\.$/),
    );
    expect(lines.at(-1)).toMatch(/^1 found that do not work.* checks in \d+\.\d s\.$/);
  });
});
