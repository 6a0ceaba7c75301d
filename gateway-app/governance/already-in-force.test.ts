// SPDX-License-Identifier: Apache-2.0

import { type Action, type Configuration, type StatusRecords } from '@gridpeg/protocol';
import {
  city,
  configurationOf,
  energy,
  laneIdBetween,
  charging,
  publicKeyOf,
  keyNamed,
  trustIn,
  txIdNamed,
} from '@gridpeg/protocol/testing';
import { PegError } from '../client';
import { CommandError } from '../errors/command-error';
import { isInForce, saysEnded } from './already-in-force';

const configuration = configurationOf(city, { sequence: 2 });
const { threshold, notaries } = trustIn(city).committee;
const laneId = laneIdBetween(city, charging);
const publicKey = publicKeyOf(keyNamed('suspended'));
const since = { txId: txIdNamed('standing'), version: 1 } as const;
const statusRecords = {
  lanes: [{ ...since, laneId, sequence: 3, state: 'paused' }],
  assets: [{ ...since, asset: energy, sequence: 1, state: 'paused' }],
  notaries: [{ ...since, publicKey, state: 'suspended' }],
} as unknown as StatusRecords;

describe('a proposal that has ended', () => {
  test.each<[what: string, action: Action, isThere: boolean]>([
    ['a configuration that is in force', { kind: 'configure', configuration }, true],
    [
      'a configuration with another content',
      { kind: 'configure', configuration: { ...configuration, delayMs: 1n } },
      false,
    ],
    [
      'a configuration that was replaced',
      { kind: 'configure', configuration: { ...configuration, sequence: 1 } },
      false,
    ],
    ['lanes that are paused', { kind: 'set-lanes', state: 'paused', lanes: [{ laneId, sequence: 3 }] }, true],
    ['lanes that are in another state', { kind: 'set-lanes', state: 'open', lanes: [{ laneId, sequence: 3 }] }, false],
    ['lanes that have changed since', { kind: 'set-lanes', state: 'paused', lanes: [{ laneId, sequence: 2 }] }, false],
    [
      'an asset that is paused',
      { kind: 'set-assets', state: 'paused', assets: [{ asset: energy, sequence: 1 }] },
      true,
    ],
    ['an asset that is open', { kind: 'set-assets', state: 'open', assets: [{ asset: energy, sequence: 1 }] }, false],
    [
      'a committee that signs',
      { kind: 'replace-committee', chains: [{ chainId: city, sequence: 1 }], threshold, notaries },
      true,
    ],
    [
      'a committee that does not',
      { kind: 'replace-committee', chains: [{ chainId: city, sequence: 1 }], threshold: threshold - 1, notaries },
      false,
    ],
    ['a key that is suspended', { kind: 'suspend-notary', publicKey }, true],
    ['a key that is not', { kind: 'suspend-notary', publicKey: publicKeyOf(keyNamed('another')) }, false],
  ])('is in force or not as the ledger says: %s', (_what, action, isThere) => {
    expect(isInForce(action, configuration satisfies Configuration, statusRecords)).toBe(isThere);
  });

  test('is told by these codes only', () => {
    expect(saysEnded(new PegError({ code: 'PROPOSAL_UNKNOWN' }))).toBe(true);
    expect(saysEnded(new CommandError('PROPOSAL_UNKNOWN', 'there is none', 'Name another one.'))).toBe(true);
    expect(saysEnded(new PegError({ code: 'PROPOSAL_STALE' }))).toBe(true);
    expect(saysEnded(new PegError({ code: 'PROPOSAL_NOT_DUE' }))).toBe(false);
  });
});
