// SPDX-License-Identifier: Apache-2.0

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { provideSamplesPrograms } from './samples-programs';

describe("programs for the samples' network.sh", () => {
  let folder: string;
  let testNetwork: string;
  let elsewhere: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gridpeg-samples-'));
    testNetwork = join(folder, 'samples', 'test-network');
    elsewhere = join(folder, 'elsewhere');
    for (const made of [testNetwork, join(folder, 'samples', 'bin'), join(folder, 'samples', 'config'), elsewhere])
      mkdirSync(made, { recursive: true });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const program = (file: string, text = ''): string => {
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o700);
    return file;
  };
  const provide = (
    environment: Readonly<Record<string, string | undefined>>,
    wanted: 'all' | 'present' = 'all',
  ): Promise<Readonly<Record<string, string>>> =>
    provideSamplesPrograms(
      testNetwork,
      {
        environment: { CONTAINER_CLI: join(folder, 'none'), ...environment },
        cacheDir: folder,
        onProgress: () => undefined,
      },
      wanted,
    );
  const installSamples = (): void => {
    for (const name of ['peer', 'configtxgen', 'configtxlator', 'cryptogen', 'osnadmin'])
      program(join(folder, 'samples', 'bin', name));
  };

  test("the samples' own programs come first, and nothing is built beside them", async () => {
    installSamples();
    program(join(elsewhere, 'jq'));
    const { PATH } = await provide({ PATH: elsewhere });
    expect(PATH).toBe([join(testNetwork, '..', 'bin'), elsewhere].join(delimiter));
    expect(readdirSync(folder).sort()).toEqual(['elsewhere', 'samples']);
  });

  test('without jq nothing begins; taking down does without it, and builds nothing', async () => {
    await expect(provide({ PATH: elsewhere })).rejects.toMatchObject({ code: 'FABRIC_BINARY_MISSING' });
    const { PATH } = await provide({ PATH: elsewhere }, 'present');
    expect(PATH).toBe([join(testNetwork, '..', 'bin'), elsewhere].join(delimiter));
  });

  test('peer commands of network.sh get half a minute to connect, unless the user says otherwise', async () => {
    expect(await provide({}, 'present')).toMatchObject({ CORE_PEER_CLIENT_CONNTIMEOUT: '30s' });
    const own = { CORE_PEER_CLIENT_CONNTIMEOUT: '9s' };
    expect(await provide(own, 'present')).toMatchObject(own);
    expect(await provide({ CORE_PEER_CLIENT_CONNTIMEOUT: '' }, 'present')).toMatchObject({
      CORE_PEER_CLIENT_CONNTIMEOUT: '30s',
    });
  });

  test("network.sh is given the engine's own Compose where there is one, and otherwise chooses itself", async () => {
    const engine = program(join(elsewhere, 'engine'), '[ "$1 $2" = "compose version" ]');
    const environment = { CONTAINER_CLI: engine };
    expect(await provide(environment, 'present')).toMatchObject({ CONTAINER_CLI_COMPOSE: `${engine} compose` });
    const named = { ...environment, CONTAINER_CLI_COMPOSE: 'mine' };
    expect(await provide(named, 'present')).toMatchObject({ CONTAINER_CLI_COMPOSE: 'mine' });
    expect(await provide({}, 'present')).not.toHaveProperty('CONTAINER_CLI_COMPOSE');
  });
});
