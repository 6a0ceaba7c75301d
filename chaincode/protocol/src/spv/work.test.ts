// SPDX-License-Identifier: Apache-2.0

import { cpuUsage } from 'node:process';
import { growthBy, message, refusalOf } from '../testing';
import {
  type ConfigurationPart,
  configurationPlan,
  genesisBlock,
  mspOf,
  organizationPlan,
} from '../testing/light-client/block-writer';
import { blockProof, rulesOf, scenario, sendingBlock, withData } from '../testing/light-client/scenario';
import { sendEnvelope, transactionEnvelope, type TransactionPart } from '../testing/light-client/transaction-writer';
import { grid, members } from '../testing/members';
import { verifyBlockProof } from './block-proof';
import { beginToFollow } from './follow';

/** Processor time of this process, which others do not add to. */
const growthOf = growthBy(() => {
  const { user, system } = cpuUsage();
  return (user + system) / 1000;
});
const many = (field: Buffer, size: number): Buffer => Buffer.alloc(Math.max(field.length, size), field);
const ways: Readonly<Record<string, (part: Buffer, size: number) => Buffer>> = {
  'empty fields 1': (_, size) => many(message([1, '']), size),
  'empty fields 2': (part, size) => Buffer.concat([part, many(message([2, '']), size)]),
  'empty fields 3': (part, size) => Buffer.concat([part, many(message([3, '']), size)]),
  'unknown fields': (part, size) => Buffer.concat([part, many(message([99, '']), size)]),
  'groups in groups': (part, size) => Buffer.concat([part, many(Buffer.from([0x1b]), size)]),
  'long spellings': (part, size) => Buffer.concat([part, many(Buffer.from([0x80]), size)]),
  'one long field 1': (_, size) => message([1, Buffer.alloc(size, 'a')]),
};
const waysTo = <Part extends string>(...parts: readonly Part[]) =>
  parts.flatMap((part) => Object.entries(ways).map(([name, grow]) => [part, name, grow] as const));

const chain = scenario('bft');
const others = chain.envelopes[sendingBlock] ?? [];
const rules = rulesOf(chain);

describe('T40: twice the block takes at most 2.5 times the work', () => {
  const growthOfData = (dataOf: (size: number) => readonly Buffer[], index: number): number =>
    growthOf(
      (size) => blockProof({ ...withData(chain, dataOf(size)), index }),
      (proof) => {
        refusalOf(() => verifyBlockProof(proof, rules));
      },
    );
  const parts = ['channelHeader', 'payload', 'transaction', 'action', 'readWriteSet', 'keyValueSet', 'write'] as const;

  test.each(waysTo<TransactionPart>('envelope', ...parts))('%s of its transaction: %s', (part, _, grow) => {
    const edit = (at: string, bytes: Buffer, size: number): Buffer => (at === part ? grow(bytes, size) : bytes);
    const envelopeOf = (size: number): Buffer =>
      sendEnvelope(chain.channel, 'send', chain.send, { edit: (at, bytes) => edit(at, bytes, size) });
    expect(growthOfData((size) => [envelopeOf(size)], 0)).toBeLessThanOrEqual(2.5);
  });
  test.each(Object.entries(ways))('another envelope: %s', (_, grow) => {
    const [first = Buffer.alloc(0), ...rest] = others;
    expect(growthOfData((size) => [grow(first, size), ...rest], chain.index)).toBeLessThanOrEqual(2.5);
  });
  test('many envelopes', () => {
    const small = message([1, 'a'], [2, 'b']);
    const growth = growthOfData((size) => [...Array<Buffer>(size / 16).fill(small), ...others], chain.index);
    expect(growth).toBeLessThanOrEqual(2.5);
  });
  test('many keys', () => {
    const envelopeOf = (size: number): Buffer => {
      const writes = Array.from({ length: size / 16 }, (_, place) => ['gridpeg', place.toString(), 'x'] as const);
      return transactionEnvelope(chain.channel, 'send', { writes });
    };
    expect(growthOfData((size) => [envelopeOf(size)], 0)).toBeLessThanOrEqual(2.5);
  });
  test('many links', () => {
    const growth = growthOf(
      (size) => blockProof(chain, { links: Array<string>(size / 16).fill('a'.repeat(64)) }),
      (proof) => {
        refusalOf(() => verifyBlockProof(proof, rules));
      },
    );
    expect(growth).toBeLessThanOrEqual(2.5);
  });
});

describe('T40: twice the configuration takes at most 2.5 times the work', () => {
  const growthOfConfiguration = (changesOf: (size: number) => Parameters<typeof configurationPlan>[1]): number =>
    growthOf(
      (size) => genesisBlock(configurationPlan('bft', changesOf(size))),
      ({ chainId, block }) => {
        refusalOf(() => beginToFollow(chainId, block, 1));
      },
    );

  test.each(waysTo<ConfigurationPart>('group', 'config', 'payload', 'envelope', 'consensusType', 'orderers'))(
    '%s: %s',
    (part, _, grow) => {
      const growth = growthOfConfiguration((size) => ({
        edit: (at, bytes) => (at === part ? grow(bytes, size) : bytes),
      }));
      expect(growth).toBeLessThanOrEqual(2.5);
    },
  );
  const [first = organizationPlan(grid), ...rest] = members.map(organizationPlan);
  test.each([
    ['authorities', (size: number) => ({ caCertificates: Array<string>(size / 1024).fill(grid.caCertificate) })],
    ['a certificate', (size: number) => ({ caCertificates: [`-----BEGIN CERTIFICATE-----\n${'A'.repeat(size)}`] })],
    ['dashes', (size: number) => ({ caCertificates: ['-----BEGIN CERTIFICATE-----'.repeat(size / 27)] })],
    ['revocation lists', (size: number) => ({ revocationLists: Array<Buffer>(size / 256).fill(Buffer.alloc(256)) })],
    ['units', (size: number) => ({ units: { peer: 'p'.repeat(size), orderer: 'o'.repeat(size) } })],
  ] as const)('%s of an organization', (_, changesOf) => {
    const growth = growthOfConfiguration((size) => {
      const organizations = [{ ...first, ...changesOf(size) }, ...rest];
      return { organizations, orderers: organizations };
    });
    expect(growth).toBeLessThanOrEqual(2.5);
  });
  test.each(Object.entries(ways))('an MSP: %s', (_, grow) => {
    const growth = growthOfConfiguration((size) => ({
      organizations: [{ ...first, msp: grow(mspOf(first), size) }, ...rest],
    }));
    expect(growth).toBeLessThanOrEqual(2.5);
  });
});
