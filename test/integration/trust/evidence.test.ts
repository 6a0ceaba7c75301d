// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TxId } from '@gridpeg/protocol';
import { gridpeg, gridpegWell, startGridpeg } from '../../harness/cli/gridpeg';
import { ManualRelay } from '../../harness/network/manual-relay';
import { sharedNetwork } from '../../harness/network/shared-network';
import { freshAccount, type TestNetwork } from '../../harness/network/test-network';
import { waitUntil } from '../../harness/wait-until';

describe('what a transfer waits for, and evidence of it that needs nobody', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gridpeg-test-'));
  const file = (name: string): string => join(folder, name);
  let network: TestNetwork;
  let relay: ManualRelay;
  let packetId: string;
  let sent: TxId;

  beforeAll(async () => {
    network = sharedNetwork();
    relay = new ManualRelay(network);
    const owner = network.account('ChargingMSP');
    const notes = await network.issue(owner, 700n);
    const outputs = [{ recipient: freshAccount('ChargingMSP', 'far'), quantity: 700n }];
    const { answer, txId } = await relay.send({ lane: 'city-charging', sender: 'ChargingMSP', notes, outputs });
    [packetId, sent] = [answer.packetIds[0]!, txId];
  });
  afterAll(() => {
    network.close();
    rmSync(folder, { recursive: true });
  });

  const run = (...parameters: readonly string[]) => gridpeg(network.stateDir, ...parameters);
  const carry = async (kind: 'packets' | 'receipts', txIds: readonly TxId[]): Promise<TxId> => {
    const { answer, txId } = await relay.carry(kind, 'city-charging', txIds);
    expect(answer.results).not.toEqual([]);
    return txId;
  };

  test('why: with no notary running, it names how many must sign and who does not', async () => {
    const told = await run('transfer', 'why', packetId);
    expect(told.status).toBe(0);
    expect(told.stdout).toMatch(/^waits for +3 more of 4 notaries: 3 must sign, 0 answer$/m);
    expect(told.stdout).toMatch(/^who must act +GridMSP, MicrogridMSP, ChargingMSP, RegulatorMSP$/m);
    expect(told.stdout).toMatch(/^next +start their notaries/m);
    const json: unknown = JSON.parse(
      (await gridpegWell(network.stateDir, 'transfer', 'why', packetId, '--json')).stdout,
    );
    expect(json).toMatchObject({ packetId, state: 'in-flight', who: expect.arrayContaining(['GridMSP']) as string[] });
  });

  test('notary status: says that none answers, with exit status 1', async () => {
    const told = await run('notary', 'status');
    expect(told.status).toBe(1);
    expect(told.stdout).toMatch(/^0 of 4 notaries can sign, 3 must: transfers wait\./m);
  });

  test('a packet that nobody has certified is proven by its peers, and the proof says so', async () => {
    const written = async (...parameters: readonly string[]): Promise<string> =>
      (await gridpegWell(network.stateDir, 'proof', ...parameters)).stdout;
    const exported = await written('export', packetId, '-o', file('early.json'), '--json');
    expect(JSON.parse(exported)).toEqual({ file: file('early.json'), packetId });
    const trust = await written('trust', 'city', '--on', 'charging', '-o', file('trust.json'));
    expect(trust).toBe(
      `${file('trust.json')}: what charging knows of city. ` +
        `Next: gridpeg proof verify <proof> --trust ${file('trust.json')}\n`,
    );
    const told = await gridpeg(file('nowhere'), 'proof', 'verify', file('early.json'), '--trust', file('trust.json'));
    expect(told).toMatchObject({ status: 0, stderr: '' });
    expect(told.stdout).toMatch(/^proof holds: city-[0-9a-f]{64} has committed this packet$/m);
    expect(told.stdout).toMatch(/^endorsed +by peers of (\w+MSP, ){2}\w+MSP$/m);
    expect(told.stdout).toMatch(/^certified +not yet$/m);
  });

  test('transfer show --watch follows it to its end, and audit --follow tells every block meanwhile', async () => {
    const watching = startGridpeg(network.stateDir, 'transfer', 'show', packetId, '--watch', '--json');
    const auditing = startGridpeg(network.stateDir, 'audit', '--follow');
    await waitUntil('both have begun', () =>
      Promise.resolve(watching.output().includes('in-flight') && auditing.output().includes('holds')),
    );
    const received = await carry('packets', [sent]);
    await carry('receipts', [received]);
    const watched = await watching.ended;
    expect(watched.status).toBe(0);
    const states = watched.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly state: string }).state);
    expect(states.at(0)).toBe('in-flight');
    expect(states.at(-1)).toBe('delivered');
    const height = await network.height('city');
    await waitUntil('the last block is audited', () => Promise.resolve(auditing.output().includes(`city ${height}`)));
    auditing.kill('SIGINT');
    expect(await auditing.ended).toMatchObject({ status: 0, stderr: '' });
  });

  test('of a received packet the proof is the certificate that was believed; it is verified offline', async () => {
    await gridpegWell(network.stateDir, 'proof', 'export', packetId, '-o', file('proof.json'));
    const verify = ['proof', 'verify', file('proof.json'), '--trust', file('trust.json')];
    const told = await gridpeg(file('nowhere'), ...verify, '--json');
    expect(told).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(told.stdout)).toMatchObject({
      laneId: 'city-charging',
      entry: { id: packetId, quantity: '700' },
      notaries: ['MicrogridMSP', 'ChargingMSP', 'RegulatorMSP'],
    });
  });

  test('T11: nobody is accused of a packet that its source sent, or that nobody received', async () => {
    const ask = (id: string) => gridpeg(network.stateDir, 'evidence', 'ask', id, '--chain', 'charging');
    expect((await ask(packetId)).stderr).toMatch(/^ENTRY_COMMITTED: /m);
    expect((await ask('0'.repeat(64))).stderr).toMatch(/^EVIDENCE_NONE: charging has no receipt of packet /m);
  });

  test('T02, T10: a proof that was changed, or judged by another trust record, does not hold', async () => {
    const proof = readFileSync(file('proof.json'), 'utf8');
    const parsed = JSON.parse(proof) as { certificate: { signatures: unknown[]; epoch: number } };
    const changed = (change: (copy: typeof parsed) => void): string => {
      const copy = structuredClone(parsed);
      change(copy);
      return `${JSON.stringify(copy)}\n`;
    };
    await gridpegWell(network.stateDir, 'proof', 'trust', 'charging', '--on', 'city', '-o', file('other.json'));
    const cases: ReadonlyArray<readonly [text: string, trust: string, code: string]> = [
      [proof, 'other.json', 'PROOF_FOREIGN'],
      [proof.replace(packetId, 'a'.repeat(64)), 'trust.json', 'PACKET_UNKNOWN'],
      [changed(({ certificate }) => certificate.signatures.pop()), 'trust.json', 'NOTARIES_TOO_FEW'],
      [changed(({ certificate }) => (certificate.epoch += 1)), 'trust.json', 'EPOCH_STALE'],
      [proof.slice(0, -20), 'trust.json', 'REQUEST_MALFORMED'],
      [proof, 'proof.json', 'REQUEST_MALFORMED'],
    ];
    for (const [text, trust, code] of cases) {
      writeFileSync(file('changed.json'), text);
      const told = await gridpeg(file('nowhere'), 'proof', 'verify', file('changed.json'), '--trust', file(trust));
      const status = ['NOTARIES_TOO_FEW', 'EPOCH_STALE'].includes(code) ? 75 : 1;
      expect(told).toMatchObject({ status, stdout: '' });
      expect(told.stderr).toMatch(new RegExp(`^${code}: `));
    }
    const told = await run('proof', 'verify', file('none.json'), '--trust', file('trust.json'));
    expect(told.stderr).toMatch(/^FILE_UNREADABLE: /);
    const unknown = await run('proof', 'trust', 'city', '--on', 'moon');
    expect(unknown.stderr).toMatch(/^CHAIN_UNKNOWN: /);
  });

  test('why: of a settled transfer, nobody has to act', async () => {
    const told = await run('transfer', 'why', packetId);
    expect(told).toMatchObject({ status: 0 });
    expect(told.stdout).toMatch(/^who must act +nobody$/m);
  });
});
