// SPDX-License-Identifier: Apache-2.0

import {
  certificateCodec,
  custodyModes,
  decode,
  digestFor,
  encode,
  signBatch,
  type Certificate,
  type CustodyMode,
  type LaneCustody,
  type NotarySignature,
} from '@gridpeg/protocol';
import {
  certifyFor,
  city,
  grid,
  members,
  packetBatchFixture as batch,
  proofOf,
  publicKeyOf,
  trustIn,
} from '@gridpeg/protocol/testing';
import { evidenceCollectors } from './collectors';
import { collectEvidence } from './evidence-collector';
import { type SigningTask } from './signature-collector';

const trust = trustIn(city);
const custodian = { mspId: grid.mspId, publicKey: publicKeyOf(grid.notaryKey) };
const custodies: { readonly [Mode in CustodyMode]: LaneCustody & { readonly mode: Mode } } = {
  federation: { mode: 'federation' },
  notary: { mode: 'notary' },
  custodian: { mode: 'custodian', custodian },
};

/** Signs for each of the signers asked, for the mode that is asked for. */
function signing(tasks: SigningTask[]): { readonly collect: (task: SigningTask) => Promise<NotarySignature[]> } {
  return {
    collect: (task) => {
      tasks.push(task);
      const asked = members.filter(({ mspId }) => task.signers.notaries.some((each) => each.mspId === mspId));
      const signed = asked.map((each) => signBatch(batch, trust, each.mspId, each.notaryKey, digestFor(task.mode)));
      return Promise.resolve(signed.slice(0, task.signers.threshold));
    },
  };
}

describe('the collector of', () => {
  test.each(custodyModes)('%s has those sign who may, for its mode, and makes its evidence', async (mode) => {
    const tasks: SigningTask[] = [];
    const proof = proofOf(batch);
    const suspended: ReadonlySet<string> = new Set();
    const custody = custodies[mode];
    const certificate = await collectEvidence(evidenceCollectors(signing(tasks)), {
      ...{ proof, batch, custody, trust, suspended },
    });
    const signers = mode === 'custodian' ? { notaries: [custodian], threshold: 1 } : trust.committee;
    expect(tasks).toEqual([{ mode, proof, batch, trust, suspended, signers }]);
    const expected = certifyFor(mode, batch, trust);
    const written = (each: Certificate): string => encode(certificateCodec, each).replace(/"signature":"[^"]*"/g, '');
    expect(written(certificate)).toBe(written(expected));
    expect(decode(certificateCodec, encode(certificateCodec, certificate))).toEqual(certificate);
  });
});
