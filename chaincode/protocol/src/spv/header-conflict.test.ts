// SPDX-License-Identifier: Apache-2.0

import { refusalOf } from '../testing';
import { configurationPlan, headerAfter, signHeader, signingPlan } from '../testing/light-client/block-writer';
import { headerForgeries } from '../testing/light-client/header-corpus';
import { blockStep, headerOf, lastBlock, type Scenario, scenario } from '../testing/light-client/scenario';
import { reconfiguration } from '../testing/light-client/step-corpus';
import { transactionEnvelope } from '../testing/light-client/transaction-writer';
import { blockHashOf } from './block-header';
import { type FollowStep } from './follow';
import { verifyHeaderConflict } from './header-conflict';
import { type SignedBlock } from './signed-block';

const blockOf = (step: FollowStep): SignedBlock =>
  step.kind === 'block'
    ? { signed: step.signed, envelopes: step.envelopes }
    : { signed: step.signed, envelopes: step.kind === 'configuration' ? [step.envelope] : [] };

/** Another block in the place of the last one, with data of that channel. */
function other(chain: Scenario, channel = chain.channel, signers = configurationPlan(chain.kind).consenters.slice(1)) {
  const envelope = transactionEnvelope(channel, 'a fork');
  const header = headerAfter(headerOf(chain, lastBlock - 1), envelope);
  return { signed: signHeader(header, signingPlan(chain.kind, { signers })), envelopes: [envelope.toString('base64')] };
}

describe.each(['raft', 'bft'] as const)('two headers at one height under %s', (kind) => {
  const chain = scenario(kind);
  const { configuration } = chain.followed;
  const first = blockOf(blockStep(chain, lastBlock));
  const verdictOf = (one: SignedBlock, two: SignedBlock): unknown =>
    refusalOf(() => verifyHeaderConflict({ first: one, second: two }, configuration));

  test('are evidence against those who signed both', () => {
    const conflict = verifyHeaderConflict({ first, second: other(chain) }, configuration);
    expect(conflict.number).toBe(6n);
    expect(conflict.hashes[0]).toBe(blockHashOf(headerOf(chain, lastBlock)));
    expect(conflict.hashes[1]).not.toBe(conflict.hashes[0]);
    expect(conflict.signers).toEqual(kind === 'bft' ? ['2', '3'] : ['MicrogridMSP/orderer.MicrogridMSP']);
  });
  test('are evidence when one of them is a configuration', () => {
    const configured = reconfiguration({
      ...chain,
      headers: chain.headers.map((own, at) => (at === 6 ? headerOf(chain, 5) : own)),
    });
    expect(verdictOf(first, blockOf(configured))).toBe('accepted');
  });
  test('are none when they are one, or of two heights, or as old as the configuration', () => {
    expect(verdictOf(first, first)).toMatchObject({ code: 'EVIDENCE_INVALID', field: 'second.header' });
    expect(verdictOf(first, blockOf(blockStep(chain, 5)))).toMatchObject({
      code: 'EVIDENCE_INVALID',
      field: 'second.header',
    });
    const later = { ...configuration, number: 6n };
    expect(refusalOf(() => verifyHeaderConflict({ first, second: other(chain) }, later))).toMatchObject({
      code: 'EVIDENCE_INVALID',
      field: 'first.header',
    });
  });
  test('T02: are none when one is of another channel that has the same orderers', () => {
    expect(verdictOf(first, other(chain, 'microgrid'))).toEqual({
      code: 'PROOF_FOREIGN',
      field: 'envelopes.channelId',
    });
    expect(verdictOf(other(chain, 'microgrid'), first)).toEqual({
      code: 'PROOF_FOREIGN',
      field: 'envelopes.channelId',
    });
    expect(verdictOf(first, { ...other(chain), envelopes: [...first.envelopes] })).toMatchObject({
      code: 'BLOCK_DATA_DIFFERS',
    });
  });
  // Orderers who sign for a block that it holds the next configuration, and for another one, have signed both.
  const forgeries = headerForgeries(kind).filter(({ name }) => name !== 'a configuration of its own');
  test.each(forgeries.map(({ name, code, forge }) => [name, code, forge] as const))(
    'are none when one has %s: %s',
    (name, code, forge) => {
      const verdict = verdictOf(other(chain), { ...first, signed: forge(chain) });
      const isOtherHeight = name === 'another number under the signatures';
      expect(verdict).toMatchObject({ code: isOtherHeight ? 'EVIDENCE_INVALID' : code });
    },
  );
});
