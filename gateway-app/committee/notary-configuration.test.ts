// SPDX-License-Identifier: Apache-2.0

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importIdentity, importNetwork, readNetwork } from '@gridpeg/network';
import { grid, type Identity } from '@gridpeg/protocol/testing';
import { pino } from 'pino';
import { runNotary, type RunningNotary } from '../daemon/run-notary';
import { notaryConfiguration, requireNotaryAlive } from './notary-configuration';

const organization = grid.mspId;
const pemOf = ({ key }: Identity): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

describe('what a notary runs with', () => {
  let stateDir: string;
  const running: RunningNotary[] = [];
  const surroundings = () => ({ stateDir, environment: {}, reached: 'endpoint' as const });
  const file = (name: string, content: string): string => {
    writeFileSync(join(stateDir, name), content);
    return join(stateDir, name);
  };

  beforeEach(async () => {
    stateDir = join(mkdtempSync(join(tmpdir(), 'gridpeg-configuration-')), 'state');
    await importNetwork(stateDir, (folder) => {
      const caCertFile = join(folder, 'msp', 'cacerts', 'ca.pem');
      const [tlsCaCertFile, json, yaml] = [caCertFile, join(folder, 'profile.json'), join(folder, 'profile.yaml')];
      return {
        files: new Map([['msp/cacerts/ca.pem', grid.caCertificate]]),
        state: {
          ...{ format: 1, topology: 'imported', chains: [] },
          organizations: [
            {
              ...{
                mspId: organization,
                name: 'Grid',
                domain: 'grid.example.com',
                users: [],
                caCertFile,
                tlsCaCertFile,
              },
              connectionProfile: { json, yaml },
            },
          ],
          peg: {
            ...{ assets: [], lanes: [], proofPolicy: {}, governance: { delay: '1h', urgentDelay: '0s' } },
            committee: { threshold: 1, notaries: [organization] },
          },
        },
      };
    });
    const [grids] = readNetwork(stateDir).organizations;
    const { certificate } = grid.client;
    importIdentity(stateDir, grids!, { label: 'notary', certificate, privateKey: pemOf(grid.client) });
  });
  afterEach(async () => {
    for (const notary of running.splice(0)) await notary.stop();
    rmSync(join(stateDir, '..'), { recursive: true });
  });

  test('is found in the folder where settings name nothing else', () => {
    expect(notaryConfiguration({ organization }, surroundings())).toMatchObject({
      ...{ mspId: organization, notaries: [], relay: true, chains: [], signerAuthorities: [] },
      identity: { mspId: organization, certificate: grid.client.certificate },
      signingKey: join(stateDir, 'notaries', organization, 'signing-key.pem'),
      dataDir: join(stateDir, 'notaries', organization, 'data'),
      listen: { host: '127.0.0.1', port: 0 },
    });
  });

  test('is what settings name', () => {
    const settings = {
      ...{ organization, relay: false, signingKey: '/key.pem', dataDir: '/data', listen: '[::]:7310' },
      notaries: { [organization]: 'https://notary.example.com:443', MicrogridMSP: 'https://192.0.2.7:7310' },
      signerAuthority: file('authority.pem', 'authority'),
      certificate: file('certificate.pem', 'certificate'),
      privateKey: file('key.pem', 'key'),
    };
    expect(notaryConfiguration(settings, surroundings())).toMatchObject({
      ...{ relay: false, signingKey: '/key.pem', dataDir: '/data', signerAuthorities: ['authority'] },
      identity: { mspId: organization, certificate: 'certificate', privateKey: 'key' },
      listen: { host: '::', port: 7310 },
      notaries: [
        { mspId: organization, url: 'https://notary.example.com:443' },
        { mspId: 'MicrogridMSP', url: 'https://192.0.2.7:7310' },
      ],
    });
    const { listen, ...others } = settings;
    expect(listen).toBeDefined();
    const { listen: own } = notaryConfiguration(others, surroundings());
    expect(own).toEqual({ host: 'notary.example.com', port: 443 });
  });

  test('ORGANIZATION_UNKNOWN: is not there for an organization that the folder does not know', () => {
    expect(() => notaryConfiguration({ organization: 'MoonMSP' }, surroundings())).toThrow(
      expect.objectContaining({ code: 'ORGANIZATION_UNKNOWN' }) as Error,
    );
  });

  test('NOTARY_NOT_ALIVE: tells whether it serves requests, also where it listens at every interface', async () => {
    const config = notaryConfiguration({ organization }, surroundings());
    const listen = { host: '0.0.0.0', port: 0 };
    const notary = await runNotary({ config: { ...config, listen }, log: pino({ level: 'silent' }) });
    running.push(notary);
    const settings = { organization, listen: notary.url.replace('https://', '') };
    const { url } = await requireNotaryAlive(settings, stateDir, 60_000);
    expect(url).toBe(notary.url.replace('0.0.0.0', '127.0.0.1'));
    await running.splice(0)[0]!.stop();
    const asking = requireNotaryAlive(settings, stateDir, 60_000);
    await expect(asking).rejects.toMatchObject({ code: 'NOTARY_NOT_ALIVE' });
    await expect(asking).rejects.toThrow(/^no notary of GridMSP answers at [^\n]+\. Start it [^\n]+\.$/);
  });
});
