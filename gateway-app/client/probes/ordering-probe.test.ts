// SPDX-License-Identifier: Apache-2.0

import { status } from '@grpc/grpc-js';
import { PeerProbe } from './peer-probe';
import { connectionTo, failure, FakePeer, type Failure } from '../testing/fake-peer';

describe('asking a peer whether transactions reach an orderer', () => {
  const ask = async (answer: Failure | undefined): Promise<string | undefined> => {
    const peer = await FakePeer.start({
      call: () => (answer === undefined ? Promise.resolve() : Promise.reject(answer)),
    });
    const probe = new PeerProbe(peer.endpoint(), 'city', connectionTo([]).identity);
    try {
      return await probe.ordering(Date.now() + 10_000);
    } finally {
      probe.close();
      peer.stop();
    }
  };

  test.each([
    ['an orderer refuses it', failure(status.ABORTED, 'received unsuccessful response from orderer: status=FORBIDDEN')],
    ['the peer has too much to do', failure(status.UNKNOWN, 'too many requests for /gateway.Gateway')],
    ['an orderer takes it', undefined],
  ])('they do when %s', async (_case, answer) => {
    expect(await ask(answer)).toBeUndefined();
  });

  test.each([
    'no orderers could successfully process transaction',
    'no orderer nodes available',
    'insufficient number of orderers could successfully process transaction to satisfy quorum requirement',
    'received unsuccessful response from orderer: status=SERVICE_UNAVAILABLE, info=no Raft leader',
    'Deadline exceeded',
  ])('they do not when it says: %s', async (said) => {
    expect(await ask(failure(status.UNAVAILABLE, said))).toBe(said);
  });
});
