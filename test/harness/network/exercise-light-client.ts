// SPDX-License-Identifier: Apache-2.0

import {
  follow,
  readConfigurationTransaction,
  verifyBlockProof,
  type BlockProof,
  type FollowedChain,
  type FollowStep,
} from '@gridpeg/protocol';
import { codeOf } from '@gridpeg/protocol/testing';
import { waitUntil } from '../wait-until';
import { blockProofOf, blocksOf, envelopesOf, followGenesis, headerOf, signedHeaderIn } from './light-client';
import { ManualRelay } from './manual-relay';
import { type TestNetwork } from './test-network';

const endorsers = ['MicrogridMSP', 'ChargingMSP', 'RegulatorMSP'] as const;

/** A proof of a packet that was sent on the city chain just now, and what was followed from the first block on. */
export interface RealProof {
  readonly proof: BlockProof;
  readonly followed: FollowedChain;
  readonly packetId: string;
}

/** Sends a packet and proves it as `spv` does, with no notary. */
export async function proveSend(network: TestNetwork, followed = followGenesis(network, 'city')): Promise<RealProof> {
  const sender = network.account('ChargingMSP');
  const notes = await network.issue(sender, 10n);
  const outputs = [{ recipient: sender, quantity: 10n }];
  const sent = await new ManualRelay(network).send({ lane: 'city-charging', sender: 'ChargingMSP', notes, outputs });
  const proof = await blockProofOf(network, 'city', sent, endorsers);
  return { proof, followed, packetId: sent.answer.packetIds[0] ?? '' };
}

/** Checks that a real proof says what was sent, and that it is refused with one thing missing. */
export async function checkRealProof(network: TestNetwork, { proof, followed, packetId }: RealProof): Promise<void> {
  const rules = { followed, trust: await network.trust('city', 'charging'), depth: 0n };
  const { transactions } = verifyBlockProof(proof, rules);
  expect(transactions).toMatchObject([{ record: { packets: [{ id: packetId }] } }]);
  expect(transactions.flatMap(({ organizations }) => organizations).sort()).toEqual([...endorsers].sort());
  const changes: readonly Partial<BlockProof>[] = [
    { anchor: proof.anchor.map((signed) => ({ ...signed, signatures: signed.signatures.slice(1) })) },
    { envelopes: proof.envelopes.slice(1) },
    {
      transactions: proof.transactions.map(({ index, validity }) => {
        return { index, validity: { ...validity, endorsements: validity.endorsements.slice(2) } };
      }),
    },
  ];
  const codes = changes.map((change) => codeOf(() => verifyBlockProof({ ...proof, ...change }, rules)));
  expect(codes).toEqual(['ORDERERS_TOO_FEW', 'BLOCK_DATA_DIFFERS', 'ENDORSEMENTS_TOO_FEW']);
}

/** Waits for the next configuration of the city chain. @returns the step to it */
export async function nextConfiguration(network: TestNetwork, followed: FollowedChain): Promise<FollowStep> {
  return waitUntil('a peer has the block with the next configuration', async () => {
    const blocks = await blocksOf(network, 'city', 'ChargingMSP', followed.head.number + 1n);
    const found = blocks.find((block) => isConfiguration(envelopesOf(block)[0] ?? ''));
    if (found === undefined) return undefined;
    const step = {
      kind: 'configuration',
      signed: signedHeaderIn(found),
      envelope: envelopesOf(found)[0] ?? '',
    } as const;
    expect(follow(followed, [step]).head.number).toBe(headerOf(found).number);
    return step;
  });
}

function isConfiguration(envelope: string): boolean {
  return readConfigurationTransaction(Buffer.from(envelope, 'base64')) !== undefined;
}
