// SPDX-License-Identifier: Apache-2.0

import { configurationCodec, encode, decode, trustRecordCodec, type Configuration } from '@gridpeg/protocol';
import { builtInTopology, loadTopology, type Topology } from '@gridpeg/network';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConfigurations, sameContent, type ConfigurationSource } from './build-configuration';

const sides = ['MicrogridMSP', 'ChargingMSP', 'RegulatorMSP'];
const everybody = ['GridMSP', ...sides];
const chain = (name: string, members: string[], digit: string): ConfigurationSource['chains'][number] => ({
  name,
  channel: name,
  chainId: `${name}-${digit.repeat(64)}`,
  members,
  chaincodeName: name,
});
const lane = (source: string, destination: string): ConfigurationSource['peg']['lanes'][number] => ({
  id: `${source}-${destination}`,
  source,
  destination,
  custody: 'federation',
  assets: ['city/energy'],
  maximumQuantity: '1000',
});
const source: ConfigurationSource = {
  chains: [chain('city', everybody, '1'), chain('microgrid', sides, '2'), chain('charging', sides, '3')],
  caCertificates: new Map(
    everybody.map((mspId) => [mspId, `-----BEGIN CERTIFICATE-----\n${mspId}\n-----END CERTIFICATE-----\n`]),
  ),
  notaryKeys: new Map(everybody.map((mspId) => [mspId, Buffer.from(mspId).toString('base64')])),
  peg: {
    governance: { delay: '60s' },
    assets: [
      {
        ...{ id: 'city/energy', unit: 'Wh', issuers: ['GridMSP/User1@grid.example.com'] },
        window: { length: '24h', quantity: '5000', shards: 2 },
      },
    ],
    lanes: [lane('city', 'charging'), lane('charging', 'city'), lane('city', 'microgrid'), lane('microgrid', 'city')],
    committee: { threshold: 3, notaries: everybody },
    proofPolicy: { city: { organizations: 3 }, microgrid: { organizations: 2 }, charging: { organizations: 2 } },
  },
};
const configurations = buildConfigurations(source);
const of = (name: string): Configuration => configurations.get(name)!;

describe('what the check of a topology takes, a chain takes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gridpeg-topology-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const dev = readFileSync(builtInTopology('dev'), 'utf8');
  /** What becomes of the topology `dev` with a change: the code of the check, or the configurations' fault. */
  const outcome = (before: string | RegExp, after: string): string => {
    const text = dev.replace(before, after);
    if (text === dev && after !== before) throw new Error(`dev.yaml has no ${String(before)}`);
    writeFileSync(join(folder, 'topology.yaml'), text);
    let topology: Topology;
    try {
      topology = loadTopology(join(folder, 'topology.yaml'));
    } catch {
      return 'refused';
    }
    const chains = topology.chains.map(({ name, channel, members, chaincode }, index) => {
      return {
        name,
        channel,
        members,
        chaincodeName: chaincode.name,
        chainId: `${channel}-${index.toString().repeat(64)}`,
      };
    });
    const assets = topology.peg.assets.map((asset) => ({ ...asset, issuers: ['GridMSP/User1@grid.example.com'] }));
    buildConfigurations({ ...source, chains, peg: { ...topology.peg, assets } });
    return 'configured';
  };
  const delays = ['1ms', '999999999ms', '1209600000ms', '1209600001ms', '1209600s', '20160m', '336h', '14d', '15d'];
  const lengths = ['59999ms', '60000ms', '60s', '2678400000ms', '2678400001ms', '44640m', '744h', '31d', '32d'];
  const quantities = ['0', '1', '15', '16', '999999999999999999', '1000000000000000000'];

  test.each(delays)('a delay of %s', (delay) => {
    const governance = `peg:\n  governance: { delay: ${delay} }\n`;
    const isAllowed = !['1209600001ms', '15d'].includes(delay);
    expect(outcome(/^peg:\n/m, governance)).toBe(isAllowed ? 'configured' : 'refused');
  });
  test.each(lengths)('a window of %s', (length) => {
    const isAllowed = !['59999ms', '2678400001ms', '32d'].includes(length);
    expect(outcome('window: { length: 1h', `window: { length: ${length}`)).toBe(isAllowed ? 'configured' : 'refused');
  });
  test.each(quantities)('a window of an asset that lets %s in, in 16 parts', (quantity) => {
    const isAllowed = ['16', '999999999999999999'].includes(quantity);
    expect(outcome("quantity: '16000000000000'", `quantity: '${quantity}'`)).toBe(isAllowed ? 'configured' : 'refused');
  });
  test.each(quantities)('a largest packet of %s', (quantity) => {
    const isAllowed = /^[1-9]\d{0,17}$/.test(quantity);
    const told = outcome("maximumQuantity: '1000000000000'", `maximumQuantity: '${quantity}'`);
    expect(told).toBe(isAllowed ? 'configured' : 'refused');
  });
  test.each(['GridMSP, GridMSP', 'GridMSP, GridMSP/User1', 'GridMSP/User1, GridMSP/User1@grid.example.com'])(
    'issuers that are one account are refused: %s',
    (issuers) => {
      expect(outcome('issuers: [GridMSP]', `issuers: [${issuers}]`)).toBe('refused');
      expect(outcome('issuers: [GridMSP]', 'issuers: [GridMSP, GridMSP/User2]')).toBe('configured');
    },
  );
});

describe('buildConfigurations', () => {
  test('makes one configuration a chain, in the canonical form', () => {
    expect([...configurations.keys()]).toEqual(['city', 'microgrid', 'charging']);
    for (const configuration of configurations.values()) {
      expect(decode(configurationCodec, encode(configurationCodec, configuration))).toEqual(configuration);
    }
  });

  test('takes how a chain at work is trusted from what is in force there', () => {
    const [trust] = of('city').chains;
    const rotated = { ...trust!, committee: { ...trust!.committee, epoch: 2 } };
    const later = buildConfigurations(source, new Map([['city', rotated]]));
    for (const name of ['city', 'charging']) {
      expect(
        later
          .get(name)!
          .chains.map(({ committee }) => committee.epoch)
          .sort(),
      ).toEqual(
        of(name)
          .chains.map(({ chainId }) => (chainId === trust!.chainId ? 2 : 1))
          .sort(),
      );
      expect(later.get(name)!.chains).toContainEqual(rotated);
    }
  });

  test('names assets on their home chain only', () => {
    expect(of('city').assets).toEqual([
      {
        ...{ version: 2, id: 'city/energy', unit: 'Wh', issuers: ['GridMSP/User1@grid.example.com'] },
        window: { lengthMs: 86_400_000n, quantity: 5_000n, shards: 2 },
      },
    ]);
    expect(of('charging').assets).toEqual([]);
  });

  test('holds the lanes that start or end on the chain, each naming the lane back', () => {
    expect(of('city').lanes).toHaveLength(4);
    expect(of('charging').lanes.map(({ id, returnLaneId }) => [id, returnLaneId])).toEqual([
      ['city-charging', 'charging-city'],
      ['charging-city', 'city-charging'],
    ]);
  });

  test('gives a lane the window of the topology, or an hour of a hundred largest packets', () => {
    const window = { length: '600s', quantity: '9000', shards: 8 };
    const lanes = source.peg.lanes.map((each) => (each.id === 'city-charging' ? { ...each, window } : each));
    const { delayMs, ...made } = buildConfigurations({ ...source, peg: { ...source.peg, lanes } }).get('city')!;
    expect(delayMs).toBe(60_000n);
    expect(made.lanes.slice(0, 2).map((each) => each.window)).toEqual([
      { lengthMs: 600_000n, quantity: 9_000n, shards: 8 },
      { lengthMs: 3_600_000n, quantity: 100_000n, shards: 64 },
    ]);
  });

  test.each(['1', '1000', '15624999999999999', '15625000000000000', '500000000000000000', '999999999999999999'])(
    'gives a lane of largest packet %s a window that the chain takes',
    (maximumQuantity) => {
      const lanes = source.peg.lanes.map((each) => ({ ...each, maximumQuantity }));
      for (const { lanes: made } of buildConfigurations({ ...source, peg: { ...source.peg, lanes } }).values()) {
        for (const { window, maximumQuantity: largest } of made) {
          expect(largest).toBeLessThanOrEqual(window.quantity / BigInt(window.shards));
        }
      }
    },
  );

  test('trusts the chain itself and its counterparts, and no other', () => {
    const trusted = (name: string): string[] => of(name).chains.map(({ chainId }) => chainId.slice(0, -65));
    expect(trusted('city')).toEqual(['city', 'microgrid', 'charging']);
    expect(trusted('charging')).toEqual(['charging', 'city']);
  });

  test("makes a chain's trust record the same bytes in every configuration", () => {
    const records = [...configurations.values()].map(({ chains }) =>
      chains.filter(({ chainId }) => chainId.startsWith('city-')).map((trust) => encode(trustRecordCodec, trust)),
    );
    expect(new Set(records.flat()).size).toBe(1);
    expect(records.flat()).toHaveLength(3);
  });

  test('names members, proof policy and committee of each chain', () => {
    const [own] = of('charging').chains;
    expect(own!.organizations.map(({ mspId }) => mspId)).toEqual(sides);
    expect(own).toMatchObject({ minimumOrganizations: 2, committee: { epoch: 1, threshold: 3 } });
    expect(of('city').chains[0]).toMatchObject({ minimumOrganizations: 3 });
  });

  test('refuses a lane without a way back, and an organization without a certificate', () => {
    const oneWay = { ...source, peg: { ...source.peg, lanes: [lane('city', 'charging')] } };
    expect(() => buildConfigurations(oneWay)).toThrow(/lane city-charging.returnLaneId/);
    expect(() => buildConfigurations({ ...source, caCertificates: new Map() })).toThrow(/trust record of city/);
  });

  test('compares content without the sequence', () => {
    const later = { ...of('city'), sequence: 7 };
    expect(sameContent(of('city'), later)).toBe(true);
    expect(sameContent(of('city'), { ...later, lanes: later.lanes.slice(2) })).toBe(false);
  });
});
