// SPDX-License-Identifier: Apache-2.0

import { type Server } from 'node:https';
import { type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestFor, signBatch, verifySigned } from '@gridpeg/protocol';
import {
  chargingMember,
  city,
  grid,
  members,
  microgridMember,
  packetBatchFixture as batch,
  proofOf,
  regulator,
  trustIn,
  type Member,
} from '@gridpeg/protocol/testing';
import { pino } from 'pino';
import { newNotaryServer } from '../../notary/server/notary-server';
import { NotaryMetrics } from '../../notary/metrics/notary-metrics';
import { type SignResponse } from '../../notary/messages/sign-messages';
import { SignatureCollector, type SigningTask } from './signature-collector';

const trust = trustIn(city);
const proof = proofOf(batch);
const nobody: ReadonlySet<string> = new Set();
const task: SigningTask = { mode: 'federation', proof, batch, trust, signers: trust.committee, suspended: nobody };
const log = pino({ level: 'silent' });
const identity = ({ mspId, client }: Member) => ({
  mspId,
  certificate: client.certificate,
  privateKey: client.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
});

type Behaviour = 'honest' | 'late' | 'slow' | 'lying' | 'stale';
/** How long after the others a late notary answers. */
const lateMs = 50;

async function answerOf(member: Member, behaviour: Behaviour): Promise<SignResponse> {
  if (behaviour === 'slow') return new Promise(() => undefined);
  if (behaviour === 'late') await sleep(lateMs);
  const signer = behaviour === 'lying' ? regulator : member;
  const { signature } = signBatch(batch, trust, member.mspId, signer.notaryKey, digestFor('federation'));
  const epoch = behaviour === 'stale' ? 7 : trust.committee.epoch;
  return { notary: member.mspId, signature, epoch, source: 'compared' };
}

describe('a relay that collects three of four signatures', () => {
  const servers: Server[] = [];
  let collector: SignatureCollector;
  afterEach(() => {
    collector.close();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  /**
   * The own notary is the first member's and honest; the others behave as the test says, and `dead` ones do not listen.
   */
  const collecting = async (...others: readonly (Behaviour | 'dead')[]): Promise<NotaryMetrics> => {
    const metrics = new NotaryMetrics(grid.mspId);
    const notaries = await Promise.all(
      [microgridMember, chargingMember, regulator].map(async (member, index) => {
        const behaviour = others[index] ?? 'honest';
        const server = await newNotaryServer({
          identity: identity(member),
          signer: { sign: () => answerOf(member, behaviour === 'dead' ? 'honest' : behaviour) },
          callerOf: () => grid.mspId,
          health: () => ({ signing: { well: true } }),
          readiness: () => Promise.reject(new Error('not asked for')),
          metrics: new NotaryMetrics(member.mspId),
          log,
        });
        await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
        const { port } = server.address() as AddressInfo;
        if (behaviour === 'dead') server.close();
        else servers.push(server);
        return { mspId: member.mspId, url: `https://127.0.0.1:${port.toString()}` };
      }),
    );
    collector = new SignatureCollector({
      mspId: grid.mspId,
      signer: { sign: () => answerOf(grid, 'honest') },
      notaries,
      tlsFor: (mspId) => ({
        own: identity(grid),
        authorities: members.filter((member) => member.mspId === mspId).map(({ caCertificate }) => caCertificate),
      }),
      metrics,
      log,
    });
    return metrics;
  };

  test.each<[what: string, fault: Behaviour | 'dead']>([
    ['slow', 'slow'],
    ['dead', 'dead'],
    ['lying', 'lying'],
    ['of another epoch', 'stale'],
  ])('has enough that hold when one is %s, whichever it is, without waiting for it', async (_what, fault) => {
    for (const position of [0, 1, 2]) {
      const others: (Behaviour | 'dead')[] = ['honest', 'honest', 'honest'];
      others[position] = fault;
      await collecting(...others);
      const signatures = await collector.collect(task);
      expect(signatures).toHaveLength(3);
      const { epoch } = trust.committee;
      const signed = { epoch, signatures, form: digestFor('federation') };
      expect(() => verifySigned(batch, signed, trust.committee, trust, nobody)).not.toThrow();
      collector.close();
    }
  });

  test('names those that did not sign as soon as no certificate can come of it', async () => {
    const metrics = await collecting('lying', 'dead', 'slow');
    const failing = collector.collect(task);
    await expect(failing).rejects.toMatchObject({
      code: 'SIGNATURES_TOO_FEW',
      class: 'retry',
      details: { found: 1, required: 3 },
    });
    const error = (await failing.catch((thrown: unknown) => thrown)) as {
      readonly details: { readonly missing: string };
    };
    expect(error.details.missing.split(' ').sort()).toEqual(['ChargingMSP', 'MicrogridMSP']);
    const { body } = await metrics.exposition();
    expect(body).toContain('gridpeg_notary_signatures_collected_total{notary="MicrogridMSP",result="unfit"');
    expect(body).toContain('gridpeg_notary_signatures_collected_total{notary="ChargingMSP",result="failed"');
  });

  test('keeps its connections, also to a notary whose answers come too late to count', async () => {
    await collecting('honest', 'honest', 'late');
    let connections = 0;
    for (const server of servers) server.on('connection', () => (connections += 1));
    for (let batches = 0; batches < 5; batches += 1) {
      await collector.collect(task);
      await sleep(3 * lateMs);
    }
    expect(connections).toBe(servers.length);
  });

  test('T13: asks nobody whose key is suspended, nor anybody besides those who may sign', async () => {
    await collecting('honest', 'honest', 'honest');
    const [first, second, ...others] = trust.committee.notaries;
    const suspended = new Set([second!.publicKey]);
    const signers = { notaries: [first!, second!], threshold: 2 };
    await expect(collector.collect({ ...task, suspended, signers })).rejects.toMatchObject({
      details: { found: 0, required: 2, missing: second!.mspId },
    });
    const signatures = await collector.collect({ ...task, signers: { notaries: others, threshold: 1 } });
    expect(others.map(({ mspId }) => mspId)).toContain(signatures[0]!.notary);
  });

  test('asks nobody whose authority no ledger has named', async () => {
    await collecting('honest', 'honest', 'honest');
    const unknown = new SignatureCollector({
      mspId: grid.mspId,
      signer: { sign: () => answerOf(grid, 'honest') },
      notaries: servers.map((server, index) => ({
        mspId: [microgridMember, chargingMember, regulator][index]!.mspId,
        url: `https://127.0.0.1:${(server.address() as AddressInfo).port.toString()}`,
      })),
      tlsFor: () => ({ own: identity(grid), authorities: [] }),
      metrics: new NotaryMetrics(grid.mspId),
      log,
    });
    await expect(unknown.collect(task)).rejects.toMatchObject({ code: 'SIGNATURES_TOO_FEW' });
    unknown.close();
  });
});
