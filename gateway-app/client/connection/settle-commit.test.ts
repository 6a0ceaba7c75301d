// SPDX-License-Identifier: Apache-2.0

import { status as grpcStatus } from '@grpc/grpc-js';
import { GatewayError, StatusCode, type Status } from '@hyperledger/fabric-gateway';
import { backOffMs } from './back-off';
import { PegError } from '../errors/peg-error';
import { settleCommit, type CommitPort } from './settle-commit';

const status = (code: Status['code'], blockNumber = 7n): Status => ({
  ...{ code, blockNumber, successful: code === StatusCode.VALID, transactionId: 'tx' },
});
const submitted = { txId: 'tx', packetIds: ['tx-0'] };
const noOrderer = new GatewayError({
  code: grpcStatus.UNAVAILABLE,
  details: [{ address: 'orderer.example.com:7050', mspId: 'OrdererMSP', message: 'connection refused' }],
  cause: Object.assign(new Error('down'), { code: grpcStatus.UNAVAILABLE, details: '', metadata: undefined as never }),
  message: '14 UNAVAILABLE: no orderers could successfully process transaction',
});
const unknown = new PegError({ code: 'COMMIT_STATUS_UNKNOWN' });

/** Plays a script; an error in it is thrown. Counts what was done. */
function port(
  submissions: ReadonlyArray<Error | undefined>,
  statuses: ReadonlyArray<Status | Error>,
): CommitPort & { readonly calls: string[] } {
  const calls: string[] = [];
  const next = <T>(kind: string, script: readonly T[]): Promise<Exclude<T, Error>> => {
    const result = script[calls.filter((call) => call === kind).length];
    calls.push(kind);
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result as Exclude<T, Error>);
  };
  return {
    calls,
    submit: () => next('submit', submissions).then(() => undefined),
    status: () => next('status', statuses),
    // The time is up with the script.
    isOver: () => calls.filter((call) => call === 'status').length >= statuses.length,
  };
}

describe('bringing a transaction to its end', () => {
  test('answers the block in which it is VALID', async () => {
    await expect(settleCommit(submitted, port([undefined], [status(StatusCode.VALID)]))).resolves.toBe(7n);
  });

  test('asks again with the same commit when the status is unknown', async () => {
    const steps = port([undefined], [unknown, status(StatusCode.VALID)]);
    await expect(settleCommit(submitted, steps)).resolves.toBe(7n);
    expect(steps.calls).toEqual(['submit', 'status', 'status']);
  });

  test('T33: asks for the status until its time is up, however often it is not told', async () => {
    const steps = port([undefined], [...Array.from({ length: 6 }, () => unknown), status(StatusCode.VALID)]);
    await expect(settleCommit(submitted, steps)).resolves.toBe(7n);
  });

  test('T33: asks for the status before it hands the same transaction in again', async () => {
    const steps = port([new Error('no answer'), undefined], [unknown, status(StatusCode.VALID)]);
    await expect(settleCommit(submitted, steps)).resolves.toBe(7n);
    expect(steps.calls).toEqual(['submit', 'status', 'submit', 'status']);
  });

  test('T33: does not hand it in again when it had committed in spite of the failure', async () => {
    const steps = port([new Error('no answer')], [status(StatusCode.VALID)]);
    await expect(settleCommit(submitted, steps)).resolves.toBe(7n);
    expect(steps.calls).toEqual(['submit', 'status']);
  });

  test('looks the first copy up when a second one is a duplicate', async () => {
    const steps = port([undefined], [status(StatusCode.DUPLICATE_TXID), status(StatusCode.VALID, 5n)]);
    await expect(settleCommit(submitted, steps)).resolves.toBe(5n);
  });

  test.each([
    [StatusCode.MVCC_READ_CONFLICT, 'MVCC_READ_CONFLICT', 'retry'],
    [StatusCode.PHANTOM_READ_CONFLICT, 'PHANTOM_READ_CONFLICT', 'retry'],
    [StatusCode.ENDORSEMENT_POLICY_FAILURE, 'ENDORSEMENT_POLICY_FAILURE', 'retry'],
    [StatusCode.BAD_RWSET, 'TRANSACTION_INVALID', 'drop'],
  ])('validation code %p becomes %s, class %s', async (code, expected, kind) => {
    await expect(settleCommit(submitted, port([undefined], [status(code)]))).rejects.toMatchObject({
      ...{ code: expected, class: kind, txId: 'tx' },
    });
  });

  test('says that the outcome is unknown when nobody answers', async () => {
    const steps = port([undefined], [unknown, unknown, unknown]);
    await expect(settleCommit(submitted, steps)).rejects.toMatchObject({ code: 'COMMIT_STATUS_UNKNOWN' });
  });

  test('names the orderer that takes none, and gives up after three copies', async () => {
    const steps = port([noOrderer, noOrderer, noOrderer], [unknown, unknown]);
    await expect(settleCommit(submitted, steps)).rejects.toMatchObject({
      code: 'ORDERER_UNAVAILABLE',
      message: expect.stringContaining('OrdererMSP at orderer.example.com:7050: connection refused') as string,
    });
    expect(steps.calls).toEqual(['submit', 'status', 'submit', 'status', 'submit']);
  });

  test.each([
    ['nobody tells the status', 'COMMIT_STATUS_UNKNOWN', port([undefined], [unknown])],
    ['no peer can be reached any more', 'COMMIT_STATUS_UNKNOWN', port([unknown, unknown, unknown], [unknown, unknown])],
    ['no orderer takes it', 'ORDERER_UNAVAILABLE', port([noOrderer, noOrderer, noOrderer], [unknown, unknown])],
    ['a race was lost', 'MVCC_READ_CONFLICT', port([undefined], [status(StatusCode.MVCC_READ_CONFLICT)])],
    ['it is invalid', 'TRANSACTION_INVALID', port([undefined], [status(StatusCode.BAD_RWSET)])],
  ])('names its ids and the command that looks them up when %s', async (_case, code, steps) => {
    await expect(settleCommit(submitted, steps)).rejects.toMatchObject({
      ...{ code, ...submitted },
      message: expect.stringContaining(
        'Transaction tx with packet tx-0 was submitted: `gridpeg transaction tx`',
      ) as string,
    });
  });
});

test('the wait before another try grows, is cut off, and is random as a whole', () => {
  const backOff = { baseMs: 50, capMs: 1_000 };
  expect([0, 1, 2, 10].map((attempt) => backOffMs(backOff, attempt, 1))).toEqual([50, 100, 200, 1_000]);
  expect(backOffMs(backOff, 4, 0)).toBe(0);
});
