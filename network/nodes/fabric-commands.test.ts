// SPDX-License-Identifier: Apache-2.0

import type { ToolCall, ToolResult } from '../drivers/driver/driver';
import { localAddressOf } from '../render/layout';
import { builtInTopology, loadTopology } from '../topology/load-topology';
import { FabricCommands } from './fabric-commands';
import { orderersOf, peersOf } from '../state/plan';

const topology = loadTopology(builtInTopology('bft'));
const [chain = fail()] = topology.chains.filter(({ name }) => name === 'city');
const orderers = orderersOf(chain);
const peers = peersOf({ topology }, chain);
const [peer = fail()] = peers;
const nodes = [...orderers, ...peers.map(({ node }) => node)];
const ports = Object.fromEntries(nodes.map((node, index) => [node, { listen: 7000 + index, admin: 8000 + index }]));
const program = (name: string): string => `/bin/${name}`;
const binaries = {
  ...{ peer: program('peer'), orderer: program('orderer'), configtxgen: program('configtxgen') },
  ...{ cryptogen: program('cryptogen'), osnadmin: program('osnadmin'), discover: program('discover') },
};
const addresses = orderers.map((node) => localAddressOf(ports, node));
const done: ToolResult = { status: 0, output: '', log: '' };
const refused: ToolResult = { status: 1, output: '', log: 'Error: connection refused' };

/** The orderers that were tried in turn, where only one of them takes transactions. */
async function tried(
  up: number,
  act: (commands: FabricCommands) => Promise<void>,
  other: ToolResult = refused,
): Promise<readonly number[]> {
  const found: number[] = [];
  const run = ({ command }: ToolCall): Promise<ToolResult> => {
    const orderer = addresses.indexOf(command[command.indexOf('--orderer') + 1] ?? '');
    found.push(orderer);
    return Promise.resolve(orderer === up ? done : other);
  };
  await act(new FabricCommands('/state', { binaries, ports }, { run }));
  return found;
}

const acts: ReadonlyArray<readonly [string, (commands: FabricCommands) => Promise<void>]> = [
  ['approval', (commands) => commands.approve(chain, peer, ['--name', 'city'], 'city:1')],
  ['commit', (commands) => commands.commit(chain, peers, ['--name', 'city'])],
];

describe.each(acts)('T33: the %s of a chaincode definition', (_what, act) => {
  test('goes to the first orderer that takes it', async () => {
    expect(orderers).toHaveLength(4);
    expect(await tried(0, act)).toEqual([0]);
    expect(await tried(2, act)).toEqual([0, 1, 2]);
  });

  test('goes round while none takes it yet', async () => {
    let round = 0;
    const found: number[] = [];
    const run = ({ command }: ToolCall): Promise<ToolResult> => {
      found.push(addresses.indexOf(command[command.indexOf('--orderer') + 1] ?? ''));
      round += 1;
      return Promise.resolve(round > 4 ? done : refused);
    };
    await act(new FabricCommands('/state', { binaries, ports }, { run }));
    expect(found).toEqual([0, 1, 2, 3, 0]);
  });

  test('ends at once with what no other orderer would mend', async () => {
    const invalid: ToolResult = { status: 1, output: '', log: 'Error: proposal failed with status: 500' };
    await expect(tried(3, act, invalid)).rejects.toMatchObject({ code: 'TOOL_FAILED' });
  });
});

function fail(): never {
  throw new Error('the topology lacks it');
}
