// SPDX-License-Identifier: Apache-2.0

import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killNode, startNode } from '@gridpeg/network';
import {
  encode,
  packetIdOf,
  sendRequestCodec,
  type Account,
  type Certificate,
  type Packet,
  type PacketBatch,
  type SendRequest,
  proofIn,
  signedEvidenceOf,
} from '@gridpeg/protocol';
import { decodeProofFile, decodeTrustRecord, encodeProofFile, PegError } from '@gridpeg/gateway-app';
import { auditNetwork } from '../../harness/network/audit-network';
import { cutOff } from '../../harness/faults/cut-off';
import { answering, batchOf, endorsedBy, Keyring, notarized } from '../../harness/adversary/forge';
import { gridpeg, gridpegWell } from '../../harness/cli/gridpeg';
import { ManualRelay, inAnHour } from '../../harness/network/manual-relay';
import { startLyingNotary } from '../../harness/adversary/lying-notary';
import { notaryNodes, OwnNetwork, stopNotaries } from '../../harness/network/own-network';
import { RawGateway } from '../../harness/network/raw-gateway';
import { replaceBuild } from '../../harness/faults/replace-chaincode';
import { tamperedChaincode } from '../../harness/faults/tampered-chaincode';
import {
  freshAccount,
  laneId,
  organizations,
  sumOf,
  type OrganizationName,
  type TestNetwork,
} from '../../harness/network/test-network';
import { waitUntil } from '../../harness/wait-until';

const sender: OrganizationName = 'ChargingMSP';
const lane = 'city-charging';

/** Those who carry and those who attest: some lie, some lag, and the relays are the true daemons. */
describe('relays among liars', () => {
  const own = new OwnNetwork();
  const { stateDir } = own;
  let network: TestNetwork;
  let relay: ManualRelay;

  beforeAll(async () => {
    await own.up();
    network = own.open();
    relay = new ManualRelay(network);
  });
  afterAll(() => own.down());

  const received = async (recipient: Account): Promise<bigint> => sumOf(await network.notesOf('charging', recipient));
  const until = (recipient: Account, quantity: bigint): Promise<boolean> =>
    waitUntil(`${quantity} have arrived`, async () => (await received(recipient)) === quantity);
  const send = async (quantity: bigint): Promise<Account> => {
    const recipient = freshAccount(sender, 'byzantine');
    const notes = await network.issue(network.account(sender), quantity);
    await relay.send({ lane, sender, notes, outputs: [{ recipient, quantity }] });
    return recipient;
  };
  /** What the destination has received of a lane, and how many blocks it has: nobody moved it meanwhile. */
  const staysAway = async (recipient: Account): Promise<void> => {
    const height = await network.height('charging');
    await sleep(8_000);
    expect(await received(recipient)).toBe(0n);
    expect(await network.height('charging')).toBe(height);
  };

  test('T17: the event of an invalid transaction moves nothing, and is told to nobody', async () => {
    const [note] = await network.issue(network.account(sender), 10n);
    const city = network.client('city', sender);
    const from = await network.height('city');
    const raw = new RawGateway(network.connectionOptions('city', sender));
    try {
      const [valid, invalid] = [freshAccount(sender, 'valid'), freshAccount(sender, 'invalid')];
      const requestFor = (recipient: Account): SendRequest => ({
        ...{ laneId: laneId(lane), noteIds: [note!.id], deadlineMs: inAnHour() },
        outputs: [{ kind: 'transfer', recipient, quantity: 10n, memo: '' }],
      });
      const first = await raw.endorse('peg:send', encode(sendRequestCodec, requestFor(valid)));
      const second = await raw.endorse('peg:send', encode(sendRequestCodec, requestFor(invalid)));
      expect([await first.submit(), await second.submit()]).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
      await until(valid, 10n);
      await until(await send(1n), 1n);
      expect(await received(invalid)).toBe(0n);
      const told: string[] = [];
      const events = await city.connection.chaincodeEvents(from);
      for await (const { transactionId } of events) {
        told.push(transactionId);
        if (told.length === 2) break;
      }
      events.close();
      // The next one stands for the end: whatever the invalid one had to say came before it.
      expect(told[0]).toBe(first.txId);
      expect(told).not.toContain(second.txId);
    } finally {
      raw.close();
    }
  });

  test('T18: a peer that lags and one that forges make no certificate until the one has caught up', async () => {
    const [lagging, forging] = ['peer0.regulator.example.com', 'city@city.microgrid.example.com'];
    const forger = join(own.folder, 'forger');
    tamperedChaincode(forger, 'city', {
      file: 'domain/packets/export-batch.js',
      line: 'entries: records.flatMap((r) => r.packets)',
      becomes: 'entries: records.flatMap((r) => r.packets).map((p) => ({ ...p, quantity: p.quantity + 1n }))',
    });
    await stopNotaries(stateDir);
    const notes = await network.issue(network.account(sender), 50n);
    const catchUp = await cutOff(stateDir, lagging);
    const putBack = await replaceBuild({ stateDir, node: forging }, forger);
    const recipient = freshAccount(sender, 'agreed');
    const outputs = [{ kind: 'transfer' as const, recipient, quantity: 50n, memo: '' }];
    const request = { laneId: laneId(lane), noteIds: notes.map(({ id }) => id), deadlineMs: inAnHour(), outputs };
    await network.client('city', sender).send(request);

    for (const node of await notaryNodes(stateDir)) await startNode({ stateDir, node });
    await gridpegWell(stateDir, 'notary', 'status');
    await staysAway(recipient);

    await catchUp();
    await until(recipient, 50n);
    await putBack();
    expect((await auditNetwork(network)).verdict).toBe('holds');
  });

  test('T10, T19: a notary that signs other contents is not counted, not waited for, and named', async () => {
    const trust = await network.trust('city', 'charging');
    const liar = await startLyingNotary(network, 'GridMSP', trust, (batch) =>
      batch.kind === 'packets'
        ? { ...batch, entries: batch.entries.map((packet) => ({ ...packet, quantity: packet.quantity + 1n })) }
        : batch,
    );
    const honest = 'notary.microgrid.example.com';
    try {
      // Three honest ones are enough, whether the liar has answered by then or not.
      await until(await send(20n), 20n);

      await killNode({ stateDir, node: honest });
      const waiting = await send(30n);
      await staysAway(waiting);
      const { stdout } = await gridpeg(stateDir, 'notary', 'status', '--json');
      expect(stdout).toContain('SIGNATURES_TOO_FEW');
      expect(stdout).toContain('GridMSP');
      expect(liar.asked()).toBeGreaterThan(0);
      await startNode({ stateDir, node: honest });
      await until(waiting, 30n);
    } finally {
      await liar.end();
    }
    await startNode({ stateDir, node: 'notary.grid.example.com' });
    expect((await auditNetwork(network)).verdict).toBe('holds');
  });

  test('T12: a committee hands over by command, and what is in flight arrives under the next epoch', async () => {
    const [left, back] = ['notary.grid.example.com', 'notary.microgrid.example.com'];
    for (const node of [left, back]) await killNode({ stateDir, node });
    const recipient = await send(40n);
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const file = (name: string): string => join(own.folder, name);
    const [draft, next, shown] = [file('draft.json'), file('next.pem'), file('shown.pem')];
    writeFileSync(next, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    writeFileSync(shown, publicKey.export({ type: 'spki', format: 'pem' }));
    const rotation = (...parameters: readonly string[]) =>
      gridpeg(stateDir, 'governance', 'rotation', ...parameters, '--json');
    const code = async (...parameters: readonly string[]): Promise<unknown> =>
      (JSON.parse((await rotation(...parameters)).stdout) as { readonly code: unknown }).code;
    const sign = (organization: OrganizationName, ...more: readonly string[]) =>
      rotation('sign', draft, '--organization', organization, ...more);

    expect(await code('draft', draft, '--chain', 'city', '--key', `SunMSP=${shown}`)).toBe('ORGANIZATION_UNKNOWN');
    const drafted = await rotation('draft', draft, '--chain', 'city', '--key', `GridMSP=${shown}`);
    expect(JSON.parse(drafted.stdout)).toMatchObject({ epoch: 2, threshold: 3, changed: ['GridMSP'] });
    expect(await code('sign', draft, '--organization', 'GridMSP')).toBe('KEY_DIFFERS');
    expect(await code('submit', draft)).toBe('ROTATION_INCOMPLETE');
    expect((await sign('GridMSP', '--next-key', next)).status).toBe(0);
    for (const organization of ['MicrogridMSP', 'ChargingMSP', 'RegulatorMSP'] as const) {
      expect((await sign(organization)).status).toBe(0);
    }
    const whole = readFileSync(draft, 'utf8');
    const { signatures, ...rest } = JSON.parse(whole) as { readonly signatures: readonly unknown[] };
    writeFileSync(draft, JSON.stringify({ ...rest, signatures: signatures.slice(0, 2) }));
    expect(await code('submit', draft)).toBe('NOTARIES_TOO_FEW');
    writeFileSync(draft, whole);
    const handedIn = JSON.parse((await rotation('submit', draft)).stdout) as { readonly chains: unknown };
    expect(handedIn.chains).toEqual(['city', 'microgrid', 'charging'].map((chain) => ({ chain, result: 'done' })));
    expect(await received(recipient)).toBe(0n);

    writeFileSync(join(stateDir, 'notaries', 'GridMSP', 'signing-key.pem'), readFileSync(next));
    await startNode({ stateDir, node: left });
    await until(recipient, 40n);
    await gridpegWell(stateDir, 'up');
    expect((await auditNetwork(network)).verdict).toBe('holds');
  });

  test('T19: evidence is found in two proofs, submitted on one chain, and carried to the others', async () => {
    const file = (name: string): string => join(own.folder, `${name}.json`);
    const [note] = await network.issue(network.account(sender), 15n, 1n);
    const outputs = [{ recipient: freshAccount(sender, 'believed'), quantity: 15n }];
    const packetId = (await relay.send({ lane, sender, notes: [note!], outputs })).answer.packetIds[0]!;
    await until(outputs[0]!.recipient, 15n);
    await gridpegWell(stateDir, 'proof', 'export', packetId, '-o', file('proof'));
    await gridpegWell(stateDir, 'proof', 'trust', 'city', '--on', 'charging', '-o', file('trust'));
    const { certificate } = decodeProofFile(readFileSync(file('proof'), 'utf8'));
    // Whose key is still the first one, so that the test has it.
    const liar = signedEvidenceOf(certificate).signatures.find(({ notary }) => notary !== 'GridMSP')!.notary;
    const trust = decodeTrustRecord(readFileSync(file('trust'), 'utf8'));
    const batch = batchOf(proofIn(certificate)!, trust) as PacketBatch;
    const lie = { ...batch, entries: batch.entries.map((packet) => ({ ...packet, quantity: 7_000_000n })) };
    const forged = answering(proofIn(certificate)!, lie);
    const signed = notarized(network, forged, lie, trust, [liar as string as OrganizationName]);
    writeFileSync(file('lie'), encodeProofFile({ version: 1, packetId, certificate: signed }));

    const evidence = (...parameters: readonly string[]) => gridpeg(stateDir, 'evidence', ...parameters);
    const find = (one: string, other: string, ...more: readonly string[]) =>
      evidence('find', file(one), file(other), '--trust', file('trust'), ...more);
    expect((await find('proof', 'proof')).stderr).toMatch(/^EVIDENCE_NONE: /);
    expect((await evidence('export', 'charging')).stderr).toMatch(/^EVIDENCE_NONE: /);
    expect((await evidence('show')).stdout).toMatch(/^no evidence against a key or lane of now on city, /);
    await find('proof', 'lie', '-o', file('found'));
    const slander = readFileSync(file('found'), 'utf8').replaceAll('7000000', '8000000');
    writeFileSync(file('slander'), slander);
    expect((await evidence('submit', file('slander'))).stderr).toMatch(/^EVIDENCE_INVALID: /);
    writeFileSync(file('cut'), slander.slice(0, -9));
    expect((await evidence('submit', file('cut'))).stderr).toMatch(/^REQUEST_MALFORMED: /);

    const frozen = ['city-charging', 'charging-city'];
    const submit = async (name: string, ...more: readonly string[]): Promise<unknown> =>
      JSON.parse((await gridpegWell(stateDir, 'evidence', 'submit', file(name), ...more, '--json')).stdout);
    expect(await submit('found', '--chain', 'charging')).toMatchObject([{ chain: 'charging', result: 'done', frozen }]);
    const known = (await evidence('show')).stdout;
    expect(known).toContain(`charging: the notary of ${liar} signed two contents for packet ${packetId}`);
    expect(known).toMatch(/^ {2}recorded +20\d\d-\S+Z, submitted by \w+MSP, transaction [0-9a-f]{64}$/m);
    expect(known).toMatch(/^ {2}frozen +city-charging, charging-city; next: gridpeg governance propose open /m);
    expect(known).toMatch(/^ {2}elsewhere +the key still counts on city, microgrid; next: gridpeg evidence export /m);

    // The city does not know yet, and sends: the diagnosis names the evidence that is awaited, and who must act.
    const [another] = await network.issue(network.account(sender), 2n, 1n);
    const held = await relay.send({
      ...{ lane, sender, notes: [another!] },
      outputs: [{ recipient: freshAccount(sender, 'held'), quantity: 2n }],
    });
    const why = (await gridpegWell(stateDir, 'transfer', 'why', held.answer.packetIds[0]!)).stdout;
    expect(why).toMatch(
      /^waits for +charging to open the lane, which is frozen there since 20\d\d-\S+Z by evidence: /m,
    );
    expect(why).toContain(`by evidence: the notary of ${liar} signed two contents for packet ${packetId}\n`);
    expect(why).toMatch(/^who must act +MicrogridMSP, ChargingMSP, RegulatorMSP$|^who must act +ChargingMSP, /m);
    expect(why).toMatch(/^next +see who lied: .*`gridpeg evidence show`.*propose open/m);

    await gridpegWell(stateDir, 'evidence', 'export', 'charging', '-o', file('carried'));
    expect(await submit('carried')).toMatchObject([
      { chain: 'city', result: 'done', frozen },
      { chain: 'microgrid', result: 'done', frozen: [] },
      { chain: 'charging', result: 'already-done', frozen: [] },
    ]);
    const all = JSON.parse((await evidence('show', '--json')).stdout) as readonly unknown[];
    const about = { notary: liar, packetId, countsOn: [] };
    expect(all).toMatchObject([
      { ...about, chain: 'city', frozen },
      { ...about, chain: 'microgrid', frozen: [] },
      { ...about, chain: 'charging', frozen },
    ]);
    const sending = ['--lane', lane, '--recipient', sender, '--as', sender, '--quantity', '1'];
    const late = await gridpeg(stateDir, 'send', ...sending);
    expect(late.stderr).toMatch(/^LANE_FROZEN: /);
    // The thaw, as the remedy says: a majority of each chain, after the delay.
    const proposed = ['propose', 'open', ...frozen, '--chain', 'charging', '--as', sender];
    const id = (await gridpegWell(stateDir, 'governance', ...proposed)).stdout.trim();
    await gridpegWell(stateDir, 'governance', 'approve', id, '--as', 'RegulatorMSP');
    expect((await gridpeg(stateDir, 'governance', 'execute', id)).stderr).toMatch(/^PROPOSAL_NOT_DUE: /);
    expect((await auditNetwork(network)).verdict).toBe('holds');
  });

  test('T11, T44: all notaries and the proof policy’s peers take at most a window until the freeze', async () => {
    const route = 'city-microgrid';
    const there = network.client('microgrid', 'MicrogridMSP');
    const { chains, lanes } = await there.getConfiguration();
    const trust = chains.find(({ chainId }) => chainId === network.chain('city').chainId)!;
    const { window, maximumQuantity } = lanes.find(({ id }) => id === route)!;
    const { notaries } = await there.governance.statusRecords();
    const ended = notaries.filter(({ state }) => state === 'suspended').map(({ publicKey }) => publicKey);
    const signers = trust.committee.notaries.filter(({ publicKey }) => !ended.includes(publicKey));
    const liars = signers.map(({ mspId }) => mspId as string as OrganizationName);
    expect(liars).toHaveLength(trust.committee.threshold);
    const keys = new Keyring(network);
    const [note] = await network.issue(network.account(sender), 3n, 1n);
    const outputs = [{ recipient: freshAccount('MicrogridMSP', 'true'), quantity: 3n }];
    const { txId } = await relay.send({ lane: route, sender, notes: [note!], outputs });
    const proof = await relay.prove('packets', route, [txId], organizations.slice(0, trust.minimumOrganizations));
    const truth = batchOf(proof, trust) as PacketBatch;
    const thief = freshAccount('MicrogridMSP', 'thief');
    // As much as a transaction can take, and one packet more.
    const count = Number(window.quantity / BigInt(window.shards) / maximumQuantity) + 1;
    const lie = (from: number): Certificate => {
      const entries = Array.from({ length: count }, (_, at): Packet => {
        const index = from + at;
        const changed = { index, id: packetIdOf(truth.sourceChainId, txId, index), recipient: thief };
        return { ...truth.entries[0]!, ...changed, quantity: maximumQuantity };
      });
      const batch = { ...truth, entries };
      const peers = liars.slice(0, trust.minimumOrganizations).map((name) => keys.peer(name, 'city'));
      return notarized(network, endorsedBy(answering(proof, batch), ...peers), batch, trust, liars);
    };
    const [begunMs, taken]: [number, number[]] = [Date.now(), []];
    const take = async (): Promise<boolean> => {
      try {
        const { answer } = await relay.submit('packets', route, lie(100 + taken.length * count));
        taken.push(answer.results.filter(({ result }) => result === 'received').length);
        return false;
      } catch (error) {
        // A freeze can appear as something to try again later, as much else can.
        if (!(error instanceof PegError) || error.class !== 'retry') throw error;
        return error.code === 'LANE_FROZEN';
      }
    };
    await waitUntil('the lane is frozen', take);
    const endedMs = Date.now();
    const stolen = sumOf(await network.notesOf('microgrid', thief));
    expect(stolen).toBe(BigInt(taken.reduce((sum, each) => sum + each)) * maximumQuantity);
    expect(stolen).toBeGreaterThan(0n);
    const windows = BigInt(endedMs) / window.lengthMs - BigInt(begunMs) / window.lengthMs + 1n;
    expect(stolen).toBeLessThanOrEqual(windows * window.quantity);
    // What they took stays where it is: the way back is frozen as well.
    const [voucher] = await network.notesOf('microgrid', thief);
    const sending = there.send({
      ...{ laneId: laneId('microgrid-city'), noteIds: [voucher!.id], deadlineMs: inAnHour() },
      outputs: [{ kind: 'transfer', recipient: network.account(sender), quantity: voucher!.quantity, memo: '' }],
    });
    await expect(sending).rejects.toMatchObject({ code: 'LANE_FROZEN' });
    // Whoever looks at one of these packets gets the evidence from the source, which the ledger knows by now.
    const [invented, answered] = [packetIdOf(truth.sourceChainId, txId, 100), join(own.folder, 'absence.json')];
    await gridpegWell(stateDir, 'evidence', 'ask', invented, '--chain', 'microgrid', '-o', answered);
    const again = await gridpegWell(stateDir, 'evidence', 'submit', answered, '--chain', 'microgrid', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject([{ chain: 'microgrid', kind: 'absence', result: 'already-done' }]);
    await waitUntil('both lanes are frozen at home as well', async () => {
      const { lanes: found } = await network.client('city', sender).governance.statusRecords();
      return [route, 'microgrid-city'].every((id) =>
        found.some(({ laneId: name, state }) => name === id && state === 'frozen'),
      );
    });
  });
});
