// SPDX-License-Identifier: Apache-2.0

import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { builtInTopology, loadTopology } from '../topology/load-topology';
import { writePlan } from '../state/plan';
import { refillNode } from './refill-node';

const node = 'orderer0.city-orderer.example.com';

/** Nothing of the network runs; what can be done with nodes that run is for tests on real ones. */
describe('an orderer under Raft is not refilled, and nothing of it is touched', () => {
  let stateDir: string;
  let data: string;
  beforeEach(() => {
    stateDir = realpathSync(mkdtempSync(join(tmpdir(), 'gridpeg-refill-')));
    data = join(stateDir, 'nodes', node, 'data');
    mkdirSync(join(data, 'ledger'), { recursive: true });
    const program = { peer: '', orderer: '', configtxgen: '', cryptogen: '', osnadmin: '', discover: '' };
    writePlan(stateDir, {
      ...{ format: 1, driver: 'native', topology: loadTopology(builtInTopology('dev')), searchPath: '', ports: {} },
      ...{ deployments: [], binaries: program },
    });
  });
  afterEach(() => rmSync(stateDir, { recursive: true }));

  const raft = (kind: string, file: string): void => {
    mkdirSync(join(data, 'etcdraft', kind, 'city'), { recursive: true });
    writeFileSync(join(data, 'etcdraft', kind, 'city', file), '');
  };
  const expectRefused = async (why: RegExp): Promise<void> => {
    await expect(refillNode({ stateDir, node })).rejects.toMatchObject({
      ...{ code: 'NOT_REFILLABLE', summary: expect.stringMatching(why) as string },
    });
    expect([existsSync(join(data, 'ledger')), existsSync(`${data}.old`)]).toEqual([true, false]);
  };

  test('without its log, which holds what it promised to the others', async () => {
    await expectRefused(/^there is no Raft log in /);
    raft('wal', 'lock');
    await expectRefused(/^there is no Raft log in /);
  });

  test('from a log that begins with a snapshot, while no other orderer runs', async () => {
    raft('wal', '0.wal');
    raft('snapshot', '1-2.snap');
    await expectRefused(/^its Raft log begins with a snapshot, and no other orderer runs /);
  });

  test('while nobody runs who says how many blocks there are', async () => {
    raft('wal', '0.wal');
    await expectRefused(/^no other orderer runs of the chain of orderer0/);
  });
});
