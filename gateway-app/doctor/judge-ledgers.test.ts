// SPDX-License-Identifier: Apache-2.0

import { judgeChain, judgeCommits } from './judge-ledgers';
import { type ChainFacts, type PeerFacts } from './ledger-facts';

const peer = (name: string, changes: Partial<PeerFacts> = {}): PeerFacts => ({
  ...{ name, organization: 'GridMSP', isRunning: true, height: 9n, heightLater: 9n, approvedPackage: 'city:1' },
  ...{ block: { number: 8n, digest: 'aa', isIntact: true }, chaincodeProblem: undefined },
  orderingProblem: undefined,
  service: { name: `city@${name}`, isRunning: true, packageId: 'city:1' },
  ...changes,
});
const chain = (peers: readonly PeerFacts[], withoutAnchor: readonly string[] = []): ChainFacts => ({
  ...{ name: 'city', isOurs: true, configuration: undefined, withoutAnchor, leaderless: [], peers },
});
const found = (facts: ChainFacts): ReadonlyArray<readonly [string | undefined, string]> =>
  judgeChain(facts).map(({ code, what }) => [code, what]);

describe('what the peers of a chain say', () => {
  test('is well when all agree', () => {
    expect(found(chain([peer('a'), peer('b')]))).toEqual([
      [undefined, '2 peers agree on 9 blocks, and their chaincode answers, as do orderers'],
    ]);
  });

  test('ANCHOR_PEER_MISSING names the member that nobody finds', () => {
    const [[code, what] = []] = found(chain([peer('a')], ['RegulatorMSP']));
    expect([code, what]).toEqual(['ANCHOR_PEER_MISSING', expect.stringMatching(/^RegulatorMSP has no anchor peer/)]);
  });

  test('LEDGERS_DIFFER names the few that have another block than the many', () => {
    const other = { block: { number: 8n, digest: 'bb', isIntact: true } };
    expect(found(chain([peer('a'), peer('b', other), peer('c')]))).toEqual([
      ['LEDGERS_DIFFER', 'block 8 on b is not the one that a, c have'],
    ]);
  });

  test('ORDERER_SILENT names the peers whose transactions no orderer takes', () => {
    const cut = { orderingProblem: 'no orderers could process it' };
    const [[code, what] = []] = found(chain([peer('a', cut), peer('b')]));
    expect([code, what]).toEqual(['ORDERER_SILENT', expect.stringMatching(/what a submits \(no orderers could/)]);
    // A peer that says nothing is found as such.
    const silent = { ...cut, height: undefined, heightLater: undefined, block: undefined };
    expect(found(chain([peer('a', silent), peer('b')])).map(([each]) => each)).toEqual(['PEER_SILENT']);
  });

  test('ORDERERS_WITHOUT_LEADER names those that answer, whoever runs them, and stops commits', () => {
    for (const isOurs of [true, false]) {
      const facts = { ...chain([peer('a')]), isOurs, leaderless: ['orderer1.example.com:7050'] };
      expect(judgeChain(facts)).toMatchObject([{ status: 'fail', code: 'ORDERERS_WITHOUT_LEADER' }]);
      expect(judgeCommits(facts)).toMatchObject([
        { what: 'the orderers that answer (orderer1.example.com:7050) know no leader, so nothing can commit' },
      ]);
    }
  });

  test('a peer that catches up while it is looked at is not behind', () => {
    expect(found(chain([peer('a'), peer('b', { height: 8n, heightLater: 9n })]))).toHaveLength(1);
    expect(found(chain([peer('a'), peer('b', { height: 8n, heightLater: 8n })]))).toEqual([
      ['PEER_BEHIND', 'peer b has 8 blocks, others of its chain have 9'],
    ]);
  });

  test('a dead peer or service is not found a second time', () => {
    const dead = { isRunning: false, height: undefined, heightLater: undefined, block: undefined };
    const service = { name: 's', isRunning: false, packageId: 'city:0' };
    expect(found(chain([peer('a', { ...dead, service }), peer('b', { service })]))).toHaveLength(1);
  });
});
