// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { DockerDriver } from './docker-driver';

test('the engine is asked once for all who ask together, and again for those who ask while it answers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gridpeg-docker-'));
  const [calls, go] = [join(folder, 'calls'), join(folder, 'go')];
  // It answers with the number of times that it was asked, as soon as it may.
  const engine = `case "$1" in
ps) echo ps >> '${calls}'; while [ ! -e '${go}' ]; do sleep 0.02; done; echo id ;;
inspect) echo "asked-$(wc -l < '${calls}') running $$" ;;
esac`;
  const cli = ['sh', '-c', engine, 'docker'];
  writeFileSync(join(folder, 'compose.yaml'), '');
  writeFileSync(join(folder, 'containers.json'), JSON.stringify({ cli, compose: cli }));
  try {
    const driver = new DockerDriver(folder);
    const together = Array.from({ length: 20 }, () => driver.status());
    while (!existsSync(calls)) await sleep(10);
    const later = [driver.status(), driver.status()];
    writeFileSync(go, '');
    for (const answer of await Promise.all(together)) expect([...answer.keys()]).toEqual(['asked-1']);
    for (const answer of await Promise.all(later)) expect([...answer.keys()]).toEqual(['asked-2']);
    expect(readFileSync(calls, 'utf8')).toBe('ps\nps\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
