// SPDX-License-Identifier: Apache-2.0

import { codeOf } from '../testing';
import { keyNamed } from '../testing/certificate-writer';
import {
  configurationBlock,
  type ConfigurationPlan,
  configurationPlan,
  configurationStep,
  genesisBlock,
  headerAfter,
  organizationPlan,
  signHeader,
  type SigningPlan,
  signingPlan,
} from '../testing/light-client/block-writer';
import { headerForgeries } from '../testing/light-client/header-corpus';
import { blockStep, headerOf, lastBlock, linkedStep, scenario } from '../testing/light-client/scenario';
import { reconfiguration, stepForgeries } from '../testing/light-client/step-corpus';
import { transactionEnvelope } from '../testing/light-client/transaction-writer';
import { grid, identityOf, members } from '../testing/members';
import { blockHashOf, type BlockHeader } from './block-header';
import { beginToFollow, follow, type FollowStep } from './follow';
import { followedConfigurationHashOf } from './followed-chain';

describe.each(['raft', 'bft'] as const)('a chain under %s', (kind) => {
  const chain = scenario(kind);
  const { followed, channel } = chain;
  const header = headerOf(chain, lastBlock);

  test('is followed to a later header, over the headers between or by the whole block', () => {
    for (const step of [linkedStep(chain, lastBlock), blockStep(chain, lastBlock)]) {
      const { head, configuration } = follow(followed, [step]);
      expect(head).toEqual({ ...followed.head, number: 6n, hash: blockHashOf(header) });
      expect(configuration).toBe(followed.configuration);
    }
  });
  test('is followed step by step to the same head', () => {
    const steps = [1, 2, 3].map((number) => blockStep(chain, number));
    expect(follow(followed, steps)).toEqual(follow(followed, [linkedStep(chain, 3)]));
  });
  test('stays as it is when a step is done again, and without steps', () => {
    const later = follow(followed, [linkedStep(chain, 5)]);
    expect(follow(later, [linkedStep(chain, 5)])).toBe(later);
    expect(follow(later, [])).toBe(later);
  });
  test('is followed with more signatures than it takes', () => {
    const signers = configurationPlan(kind).consenters;
    const signed = signHeader(header, signingPlan(kind, { signers }));
    expect(follow(followed, [blockStep(chain, lastBlock, signed)]).head.number).toBe(6n);
  });

  test.each(headerForgeries(kind).map(({ name, code, forge }) => [name, code, forge] as const))(
    'PEG-7: T07: is not followed to a header with %s: %s',
    (_, code, forge) => {
      const signed = forge(chain);
      expect(codeOf(() => follow(followed, [blockStep(chain, lastBlock, signed)]))).toBe(code);
      expect(codeOf(() => follow(followed, [linkedStep(chain, lastBlock, signed)]))).not.toBe('accepted');
    },
  );
  test.each(stepForgeries(kind).map(({ name, code, forge }) => [name, code, forge] as const))(
    'T12: is not followed by %s: %s',
    (_, code, forge) => {
      expect(codeOf(() => follow(followed, forge(chain)))).toBe(code);
    },
  );

  /** The block after the seventh, which the signers of a configuration sign. */
  const next = (changes: Partial<SigningPlan> = {}): FollowStep => {
    const envelope = transactionEnvelope(channel, 'next');
    const previous: BlockHeader = { number: 7n, previousHash: '', dataHash: 'a'.repeat(64) };
    const signed = signHeader(
      { ...headerAfter(previous, envelope), number: 9n },
      signingPlan(kind, { lastConfiguration: 7n, ...changes }),
    );
    return { kind: 'block', signed, envelopes: [envelope.toString('base64')] };
  };
  const newcomer = identityOf(grid, { units: ['orderer'], commonNames: ['orderer2'], serial: '0a' });
  const caKey = keyNamed('the next authority');
  const nextAuthority = { ...grid, caName: 'ca.next', caKey };
  const caCertificate = identityOf(nextAuthority, {
    ...{ authority: true, commonNames: ['ca.next'], units: [], key: caKey, keyUsage: 4 },
  }).certificate;
  const rotated = { ...organizationPlan(grid), caCertificates: [caCertificate] };
  const rest = members.slice(1).map(organizationPlan);
  const [first, second, third, fourth] = configurationPlan(kind).consenters as [Plan, Plan, Plan, Plan];
  type Plan = ConfigurationPlan['consenters'][number];

  test.each<readonly [string, Partial<ConfigurationPlan>, Partial<SigningPlan>]>([
    ['a capability changed', { capabilities: ['V3_0', 'V4_0'] }, {}],
    [
      'a consenter replaced',
      { consenters: [{ id: 1, identity: newcomer }, second, third, fourth] },
      { signers: kind === 'bft' ? [{ id: 1, identity: newcomer }, second, third] : [second, third] },
    ],
    ['a consenter removed', { consenters: [first, second, third] }, { signers: [first, second, third] }],
    [
      'an authority replaced',
      { orderers: [rotated, ...rest], organizations: [rotated, ...rest] },
      { signers: [second, third, fourth] },
    ],
    ['an organization removed', { orderers: rest, organizations: rest }, { signers: [second, third, fourth] }],
    [
      'an organization added',
      { organizations: [...members.map(organizationPlan), { ...organizationPlan(grid), mspId: 'NewMSP' }] },
      {},
    ],
  ])('T12: is followed through a configuration with %s', (_, configuration, signers) => {
    const step = reconfiguration(chain, configuration);
    const after = follow(followed, [linkedStep(chain, lastBlock), step]);
    expect(after.configuration).toMatchObject({ number: 7n, sequence: 1n, chainId: chain.chainId });
    expect(after.head).toMatchObject({
      number: 7n,
      configurationHash: followedConfigurationHashOf(after.configuration),
    });
    expect(follow(followed, [step])).toEqual(after);
    expect(follow(after, [next(signers)]).head.number).toBe(9n);
    expect(after.configuration.organizations.map(({ mspId }) => mspId)).toEqual(
      (configuration.organizations ?? members.map(organizationPlan)).map(({ mspId }) => mspId).sort(),
    );
  });
  test('is followed through two configurations, each signed by those of the one before', () => {
    const one = reconfiguration(chain, { consenters: [first, second, third] });
    const { header: between } = configurationBlock(
      header,
      configurationPlan(kind, { sequence: 1, consenters: [first, second, third] }),
    );
    const { header: last, envelope } = configurationBlock(between, configurationPlan(kind, { sequence: 2 }));
    const signed = signHeader(last, signingPlan(kind, { lastConfiguration: 8n }));
    const after = follow(followed, [one, configurationStep(signed, envelope)]);
    expect(after.configuration).toMatchObject({ number: 8n, sequence: 2n });
    expect(codeOf(() => follow(followed, [configurationStep(signed, envelope)]))).toBe('CONFIGURATION_SKIPPED');
  });
  if (kind === 'raft') {
    test('may change to BFT, whose consenters sign from then on', () => {
      const step = reconfiguration(chain, { consensus: 'BFT' });
      const after = follow(followed, [step]);
      expect(after.configuration.consensus).toMatchObject({ kind: 'bft', requiredSignatures: 3 });
      expect(codeOf(() => follow(after, [next()]))).toBe('ORDERER_SIGNATURE_FORM');
      const byConsenters = next({ kind: 'bft', signers: [first, second, third] });
      expect(follow(after, [byConsenters]).head.number).toBe(9n);
    });
  }
});

describe('a chain is followed from its first block', () => {
  const { chainId, block } = genesisBlock(configurationPlan('bft'));
  const other = genesisBlock(configurationPlan('bft', { channel: 'microgrid' }));

  test('whose hash its id names', () => {
    const { head, configuration } = beginToFollow(chainId, block, 1);
    expect(head).toMatchObject({ number: 0n, chainId, hash: chainId.slice(-64) });
    expect(configuration).toMatchObject({ number: 0n, sequence: 0n, chainId });
  });
  test('and from no other', () => {
    expect(codeOf(() => beginToFollow(chainId, other.block, 1))).toBe('PROOF_FOREIGN');
    expect(codeOf(() => beginToFollow(chainId, { ...block, envelope: other.block.envelope }, 1))).toBe(
      'BLOCK_DATA_DIFFERS',
    );
    expect(codeOf(() => beginToFollow(chainId, { ...block, header: '' }, 1))).toBe('PROOF_MALFORMED');
    const sameName = genesisBlock(configurationPlan('bft', { capabilities: [] }));
    expect(codeOf(() => beginToFollow(chainId, sameName.block, 1))).toBe('PROOF_FOREIGN');
    const renamed = `city-${other.chainId.slice(-64)}` as typeof chainId;
    expect(codeOf(() => beginToFollow(renamed, other.block, 1))).toBe('PROOF_FOREIGN');
  });
  test('under Raft with as many signatures as were asked for', () => {
    const raft = genesisBlock(configurationPlan('raft'));
    expect(beginToFollow(raft.chainId, raft.block, 2).configuration.consensus).toMatchObject({
      kind: 'raft',
      requiredSignatures: 2,
    });
  });
  test('and not before it is configured as Fabric does it', () => {
    const broken = genesisBlock(configurationPlan('raft', { consensus: 'solo' }));
    expect(codeOf(() => beginToFollow(broken.chainId, broken.block, 1))).toBe('CHANNEL_CONFIGURATION_INVALID');
  });
});
