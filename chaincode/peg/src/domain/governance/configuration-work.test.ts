// SPDX-License-Identifier: Apache-2.0

import { cpuUsage } from 'node:process';
import {
  configurationCodec,
  decode,
  encode,
  requiresTimelock,
  type Asset,
  type Configuration,
  type Lane,
} from '@gridpeg/protocol';
import { charging, city, configurationOf, growthBy } from '@gridpeg/protocol/testing';
import { checkConfiguration } from './configure';

const inForce = configurationOf(city);
const growthOf = growthBy(() => {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
});

const withSerials = (count: number): Configuration => ({
  ...inForce,
  chains: inForce.chains.map((trust) => ({
    ...trust,
    organizations: trust.organizations.map((organization) => ({
      ...organization,
      revokedSerials: Array.from({ length: count }, (_, index) => (2 ** 40 + index).toString(16).toUpperCase()),
    })),
  })),
});
const withLanes = (count: number): Configuration => {
  const lanes = inForce.lanes.filter(({ sourceChainId, destinationChainId }) =>
    [sourceChainId, destinationChainId].includes(charging),
  );
  const named = (lane: Lane, index: number): Lane => {
    const [id, returnLaneId] = [lane.id, lane.returnLaneId].map((name) => `${name}-${index.toString()}` as Lane['id']);
    return { ...lane, id: id!, returnLaneId: returnLaneId! };
  };
  return {
    ...inForce,
    lanes: Array.from({ length: count / 2 }, (_, at) => lanes.map((lane) => named(lane, at))).flat(),
  };
};
const withAssets = (count: number): Configuration => ({
  ...inForce,
  assets: Array.from({ length: count }, (_, index) => {
    const [asset] = inForce.assets;
    return { ...asset!, id: `city/asset${index.toString()}` as Asset['id'] };
  }),
});

describe('T40: twice as much in a configuration takes at most 2.5 times the work to judge', () => {
  test.each<[string, most: number, (count: number) => Configuration]>([
    ['revoked serial numbers', 1000, withSerials],
    ['lanes', 64, withLanes],
    ['assets', 64, withAssets],
  ])('%s', (_, most, make) => {
    const growth = growthOf(
      (count) => ({ before: make(count), next: { ...make(count), sequence: 2 } }),
      ({ before, next }) => {
        for (let time = 0; time < (most > 100 ? 1 : 20); time += 1) {
          expect(requiresTimelock(decode(configurationCodec, encode(configurationCodec, next)), before)).toBe(false);
          try {
            checkConfiguration(next, before, new Set());
          } catch {
            // Two lanes between the same ends are refused at the first one.
          }
        }
      },
      [most / 8, most],
    );
    expect(growth).toBeLessThanOrEqual(2.5);
  });
});
