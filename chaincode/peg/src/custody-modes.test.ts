// SPDX-License-Identifier: Apache-2.0

import {
  certificateRequestCodec,
  custodyModes,
  decodeBatch,
  digestFor,
  encode,
  evidenceCodec,
  evidenceFrom,
  firstDigest,
  noteIdOf,
  signBatch,
  type Certificate,
  type Configuration,
  type CustodyMode,
  type DigestForm,
  type LaneCustody,
  type PacketBatch,
  type ResultsResponse,
  type TxId,
} from '@gridpeg/protocol';
import {
  certify,
  certifyFor,
  charging,
  city,
  configurationOf,
  energy,
  grid,
  laneBetween,
  laneIdBetween,
  microgridMember,
  publicKeyOf,
  regulator,
  trustIn,
} from '@gridpeg/protocol/testing';
import { Channel } from './testing/channel';
import { agreed, dayMs } from './testing/govern';

const out = laneIdBetween(city, charging);
const back = laneIdBetween(charging, city);
const account = 'GridMSP/User1@GridMSP';
const custodian = { mspId: grid.mspId, publicKey: publicKeyOf(grid.notaryKey) };
const another = { mspId: microgridMember.mspId, publicKey: publicKeyOf(microgridMember.notaryKey) };
const custodies: { readonly [Mode in CustodyMode]: LaneCustody } = {
  federation: { mode: 'federation' },
  notary: { mode: 'notary' },
  custodian: { mode: 'custodian', custodian },
};
/** The lanes of a chain, of which those between city and charging chain have this custody. */
const lanesIn = (chainId: typeof city, custody: LaneCustody): Pick<Configuration, 'lanes'> => ({
  lanes: configurationOf(chainId).lanes.map((lane) =>
    [out, back].includes(lane.id) ? laneBetween(lane.sourceChainId, lane.destinationChainId, { custody }) : lane,
  ),
});
const request = (certificate: Certificate): string => encode(certificateRequestCodec, { certificate, escrowIds: [] });

/** City and charging chain, and what is called on them. */
class Pair {
  private constructor(
    readonly town: Channel,
    readonly cars: Channel,
  ) {}

  static async in(custody: LaneCustody): Promise<Pair> {
    const town = await Channel.configured(city, lanesIn(city, custody));
    return new Pair(town, await Channel.configured(charging, lanesIn(charging, custody)));
  }

  /** Sends energy to the charging chain. @returns the packet's batch as the city exports it */
  async send(quantity: string): Promise<PacketBatch> {
    const outputs = [{ recipient: account, quantity, memo: '' }];
    const { txId: issued } = (await this.town.call('issue', { asset: energy, outputs })) as { txId: TxId };
    const sent = {
      ...{ laneId: out, noteIds: [noteIdOf(account as never, issued, 0)] },
      outputs: [{ kind: 'transfer', recipient: account, quantity, memo: '' }],
      deadlineMs: (Date.now() + 3_600_000).toString(),
    };
    const { txId } = (await this.town.call('send', sent)) as { txId: TxId };
    const text = await this.town.text('exportPackets', { laneId: out, txIds: [txId] });
    return decodeBatch('packets', text) as PacketBatch;
  }

  async results(channel: Channel, call: 'receive' | 'settle', certificate: Certificate): Promise<ResultsResponse> {
    return (await channel.call(call, request(certificate))) as ResultsResponse;
  }

  /** Changes the custody of both lanes on one of the chains, after the long delay. */
  async change(channel: Channel, chainId: typeof city, custody: LaneCustody): Promise<void> {
    const configuration = { ...configurationOf(chainId), sequence: 2, ...lanesIn(chainId, custody) };
    const proposal = await agreed(channel, { kind: 'configure', configuration }, microgridMember, regulator);
    expect(await channel.refusal('execute', proposal)).toMatchObject({ code: 'PROPOSAL_NOT_DUE' });
    channel.aheadMs = dayMs + 180_000;
    await channel.call('execute', proposal);
    channel.aheadMs = 0;
  }
}

describe.each(custodyModes)('PEG-1, PEG-3: under the custody mode %s', (mode) => {
  test('a transfer is received once and settled once', async () => {
    const pair = await Pair.in(custodies[mode]);
    const batch = await pair.send('60');
    const there = certifyFor(mode, batch, trustIn(city));
    const { txId, results } = await pair.results(pair.cars, 'receive', there);
    expect(results).toMatchObject([{ result: 'received' }]);
    expect((await pair.results(pair.cars, 'receive', there)).results).toMatchObject([{ result: 'already-done' }]);
    const receipts = decodeBatch('receipts', await pair.cars.text('exportReceipts', { laneId: out, txIds: [txId] }));
    const home = certifyFor(mode, receipts, trustIn(charging));
    expect((await pair.results(pair.town, 'settle', home)).results).toMatchObject([{ result: 'delivered' }]);
    expect((await pair.results(pair.town, 'settle', home)).results).toMatchObject([{ result: 'already-done' }]);
  });

  test.each(custodyModes.filter((other) => other !== mode))(
    'T52: a change to %s waits for the long delay and strands no packet in flight',
    async (other) => {
      const pair = await Pair.in(custodies[mode]);
      const batch = await pair.send('60');
      const before = certifyFor(mode, batch, trustIn(city));
      await pair.change(pair.cars, charging, custodies[other]);
      expect(await pair.cars.refusal('receive', request(before))).toEqual({ code: 'CUSTODY_MISMATCH', custody: mode });
      const after = certifyFor(other, batch, trustIn(city));
      const { txId, results } = await pair.results(pair.cars, 'receive', after);
      expect(results).toMatchObject([{ result: 'received' }]);
      // The city still has the mode from before, by which it judges the receipt.
      const receipts = decodeBatch('receipts', await pair.cars.text('exportReceipts', { laneId: out, txIds: [txId] }));
      const home = certifyFor(mode, receipts, trustIn(charging));
      expect((await pair.results(pair.town, 'settle', home)).results).toMatchObject([{ result: 'delivered' }]);
    },
  );
});

describe('T19: a custodian that signs two contents for one packet', () => {
  const evidenceOf = (batch: PacketBatch, forms: readonly [DigestForm, DigestForm]): string => {
    const lie = { ...batch, entries: batch.entries.map((packet) => ({ ...packet, quantity: 61n })) };
    const trust = trustIn(city);
    const [one, two] = [batch, lie].map((each, index) => {
      const form = forms[index]!;
      const { signature } = signBatch(each, trust, grid.mspId, grid.notaryKey, form);
      return { batch: each, trust, form, signature };
    });
    return encode(evidenceCodec, evidenceFrom(custodian.publicKey, batch.entries[0]!.id, [one!, two!])!);
  };

  test.each<[string, DigestForm, DigestForm]>([
    ['as the custodian', digestFor('custodian'), digestFor('custodian')],
    ['as the custodian and as a notary', digestFor('custodian'), digestFor('notary')],
    ['as the custodian and by digest 1', digestFor('custodian'), firstDigest],
  ])('%s freezes the lane, and its word ends', async (_, first, second) => {
    const pair = await Pair.in(custodies.custodian);
    const batch = await pair.send('60');
    const found = await pair.cars.call('submitEvidence', evidenceOf(batch, [first, second]));
    expect(found).toMatchObject({ result: 'done', frozen: expect.arrayContaining([out, back]) as unknown });
    const certificate = request(certifyFor('custodian', batch, trustIn(city)));
    expect(await pair.cars.refusal('receive', certificate)).toMatchObject({ code: 'LANE_FROZEN' });
    const { notaries } = (await pair.cars.call('getStandings', {})) as {
      notaries: readonly { readonly publicKey: string; readonly state: string }[];
    };
    const suspended = notaries.filter(({ state }) => state === 'suspended').map(({ publicKey }) => publicKey);
    expect(suspended).toEqual([custodian.publicKey]);
  });

  test('freezes no lane of another custodian, or a notary could stop any lane by accusing itself', async () => {
    const pair = await Pair.in({ mode: 'custodian', custodian: another });
    const batch = await pair.send('60');
    const form = digestFor('custodian');
    const found = await pair.cars.call('submitEvidence', evidenceOf(batch, [form, form]));
    expect(found).toMatchObject({ result: 'done', frozen: [] });
    const certificate = certify(batch, trustIn(city));
    expect(await pair.cars.refusal('receive', request(certificate))).toMatchObject({ code: 'CUSTODY_MISMATCH' });
  });
});
