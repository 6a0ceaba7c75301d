// SPDX-License-Identifier: Apache-2.0

import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { killNode, stopNode } from '@gridpeg/network';
import { auditNetwork } from '../harness/network/audit-network';
import { gridpeg, startGridpegIn, type Running } from '../harness/cli/gridpeg';
import { ManualRelay } from '../harness/network/manual-relay';
import { OwnNetwork } from '../harness/network/own-network';
import { freshAccount, sumOf, type TestNetwork } from '../harness/network/test-network';
import { waitUntil } from '../harness/wait-until';
import { SoftToken } from './soft-token';

const lane = 'city-charging';
const organization = 'GridMSP';

describe('a notary whose key lies on a token', () => {
  const own = new OwnNetwork();
  const { stateDir } = own;
  let network: TestNetwork;
  let token: SoftToken;
  let notary: Running | undefined;

  beforeAll(async () => {
    await own.up();
    network = own.open();
    const keyFile = join(stateDir, 'notaries', organization, 'signing-key.pem');
    token = new SoftToken(join(own.folder, 'token'), keyFile);
    // The only copy is on the token now, so whatever signs for this notary signs there.
    renameSync(keyFile, join(own.folder, 'taken-away.pem'));
    await stopNode({ stateDir, node: 'notary.grid.example.com' });
  });
  afterAll(async () => {
    notary?.kill('SIGKILL');
    await notary?.ended;
    await own.down();
  });

  const run = (signingKey: string): Running =>
    startGridpegIn(
      { env: token.environment },
      stateDir,
      ...['notary', 'run', '--organization', organization],
      ...['--signing-key', signingKey],
    );

  test.each([
    ['a PIN that is wrong', (uri: string) => uri.replace(/pin-source=.*/, 'pin-value=0000')],
    ['a key that is not there', (uri: string) => uri.replace('object=notary', 'object=other')],
    ['a token that is not there', (uri: string) => uri.replace('token=gridpeg', 'token=other')],
  ])('does not start with %s', async (_what, change) => {
    const ended = await run(change(token.uri)).ended;
    expect(ended.status).not.toBe(0);
    expect(ended.stderr).toMatch(/^SIGNING_KEY_UNUSABLE: /m);
    expect(ended.stderr + ended.stdout).not.toContain('0000');
  });

  test('signs, and no certificate comes about without it when another one is down', async () => {
    await killNode({ stateDir, node: 'notary.microgrid.example.com' });
    const sender = 'ChargingMSP';
    const recipient = freshAccount(sender, 'token');
    const notes = await network.issue(network.account(sender), 70n);
    await new ManualRelay(network).send({ lane, sender, notes, outputs: [{ recipient, quantity: 70n }] });
    await waitUntil('the others have found that they are too few', async () =>
      (await gridpeg(stateDir, 'notary', 'status', '--json')).stdout.includes('SIGNATURES_TOO_FEW'),
    );
    expect(await network.notesOf('charging', recipient)).toEqual([]);

    notary = run(token.uri);
    await waitUntil('the packet has arrived', async () => sumOf(await network.notesOf('charging', recipient)) === 70n);
    expect((await auditNetwork(network)).verdict).toBe('holds');
  });
});
