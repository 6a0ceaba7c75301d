// SPDX-License-Identifier: Apache-2.0

import type { Driver, NodeSpec } from '../drivers/driver/driver';
import { NetworkError } from '../runtime/network-error';
import { settleAll } from '../runtime/progress';
import { startInOrder } from './stop-and-start';

const spec = (name: string, kind: NodeSpec['kind']): NodeSpec => {
  return { name, kind, organization: 'GridMSP', command: [name], env: {}, cwd: '/', ports: {} };
};
const specs = [
  spec('orderer0', 'orderer'),
  spec('orderer1', 'orderer'),
  spec('peer0', 'peer'),
  spec('notary', 'service'),
];

/** A driver that cannot start some nodes, and remembers which it was asked to start. */
function driverWithout(
  failing: readonly string[],
  fullDisk?: string,
): { readonly driver: Driver; readonly asked: string[] } {
  const asked: string[] = [];
  const start = ({ name }: NodeSpec): Promise<void> => {
    asked.push(name);
    if (!failing.includes(name)) return Promise.resolve();
    if (name === fullDisk) return Promise.reject(new NetworkError('DISK_FULL', 'no room', 'Make some.'));
    return Promise.reject(new NetworkError('NODE_DID_NOT_START', `${name} ended`, 'Read its log.', `${name} says why`));
  };
  return { driver: { start } as Partial<Driver> as Driver, asked };
}

test('a node that does not start keeps none of the others from starting, and is what is reported', async () => {
  for (const failing of specs.map(({ name }) => name)) {
    const { driver, asked } = driverWithout([failing]);
    const started = startInOrder(driver, specs, () => undefined);
    await expect(started).rejects.toMatchObject({
      code: 'NODE_DID_NOT_START',
      details: { output: `${failing} says why` },
    });
    expect(asked).toEqual(specs.map(({ name }) => name));
  }
});

test('several that do not start are each reported with code and last words', async () => {
  const { driver } = driverWithout(['orderer1', 'notary']);
  const detail = ['orderer1', 'notary'].flatMap((name) => [
    `NODE_DID_NOT_START: ${name} ended. Read its log.`,
    `${name} says why`,
  ]);
  await expect(startInOrder(driver, specs, () => undefined)).rejects.toMatchObject({
    code: 'NODE_DID_NOT_START',
    details: { output: detail.join('\n') },
  });
});

test('several that fail of different things have a code that says so', async () => {
  const { driver } = driverWithout(['orderer1', 'notary'], 'notary');
  await expect(startInOrder(driver, specs, () => undefined)).rejects.toMatchObject({
    code: 'SEVERAL_FAILED',
    remedy: 'Everything else was done; each is told below.',
  });
});

test('what failed in several steps is one failure, however the steps are nested', async () => {
  const failure = new Error('one');
  await expect(settleAll([Promise.reject(failure), settleAll([Promise.reject(failure)])])).rejects.toBe(failure);
});
