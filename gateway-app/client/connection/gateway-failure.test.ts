// SPDX-License-Identifier: Apache-2.0

import { status } from '@grpc/grpc-js';
import { GatewayError } from '@hyperledger/fabric-gateway';
import { proofOfEnvelope } from '../endorsed-envelope';
import { explanations } from '../errors/explanations';
import { pegErrorOf, type CallStep } from './gateway-failure';

/** An error as the Gateway client throws it, with texts as Fabric 3.1 writes them. */
function failed(code: status, message: string, ...details: readonly string[]): GatewayError {
  const cause = Object.assign(new Error(message), { code, details: message, metadata: undefined as never });
  return new GatewayError({
    code,
    details: details.map((text) => ({ address: 'peer0.grid.example.com:7051', mspId: 'GridMSP', message: text })),
    cause,
    message: `${code.toString()} ${status[code]}: ${message}`,
  });
}

const endorsing = 'failed to endorse transaction, see attached details for more info';

describe('what the Gateway throws', () => {
  test.each<readonly [code: string, step: CallStep, error: GatewayError]>([
    [
      'PEER_UNAVAILABLE',
      'endorse',
      failed(status.UNAVAILABLE, 'No connection established. Last error: connect ECONNREFUSED'),
    ],
    ['PEER_UNAVAILABLE', 'evaluate', failed(status.DEADLINE_EXCEEDED, 'Deadline exceeded after 5.0s')],
    ['PEER_UNAVAILABLE', 'evaluate', failed(status.CANCELLED, 'Call cancelled')],
    ...(['endorse', 'evaluate'] as const).map((step): [string, CallStep, GatewayError] => [
      'CLOCK_SKEW',
      step,
      failed(
        status.ABORTED,
        endorsing,
        'error validating proposal: request unauthorized due to incorrect timestamp 2026-11-28 01:50:04 +0000 UTC, ' +
          'peer time 2026-11-28 02:10:04 +0000 UTC, peer.authentication.timewindow 900000000000',
      ),
    ]),
    [
      'CHAINCODE_NOT_READY',
      'endorse',
      failed(
        status.FAILED_PRECONDITION,
        'no combination of peers can be derived which satisfy the endorsement policy: ' +
          'required chaincodes are not installed',
      ),
    ],
    [
      'CHAINCODE_NOT_READY',
      'endorse',
      failed(
        status.ABORTED,
        endorsing,
        'error in simulation: failed to execute transaction: could not launch chaincode city_1.0:ab: ' +
          'connection to city_1.0:ab failed',
      ),
    ],
    [
      'CHAINCODE_FAILED',
      'endorse',
      failed(status.ABORTED, endorsing, 'chaincode response 500, undefined is not an object'),
    ],
    [
      'ENDORSEMENT_FAILED',
      'endorse',
      failed(status.UNAVAILABLE, 'failed to find any endorsing peers for org(s): MicrogridMSP'),
    ],
    ['ENDORSEMENT_FAILED', 'endorse', failed(status.ABORTED, endorsing, 'something new')],
    ['ENDORSEMENTS_DIFFER', 'endorse', failed(status.ABORTED, 'ProposalResponsePayloads do not match')],
    ['IDENTITY_REJECTED', 'evaluate', failed(status.PERMISSION_DENIED, 'failed evaluating policy')],
    [
      'IDENTITY_REJECTED',
      'endorse',
      failed(status.ABORTED, endorsing, 'error validating proposal: access denied: channel [city] creator org unknown'),
    ],
    ['ORDERER_UNAVAILABLE', 'submit', failed(status.UNAVAILABLE, 'no orderers could successfully process transaction')],
    ['COMMIT_STATUS_UNKNOWN', 'submit', failed(status.UNKNOWN, 'stream ended')],
    ['COMMIT_STATUS_UNKNOWN', 'submit', failed(status.UNAVAILABLE, 'connection dropped')],
    ['COMMIT_STATUS_UNKNOWN', 'submit', failed(status.DEADLINE_EXCEEDED, 'Deadline exceeded after 5.0s')],
    ['COMMIT_STATUS_UNKNOWN', 'status', failed(status.UNAVAILABLE, 'connection dropped')],
    [
      'NOTE_SPENT',
      'endorse',
      failed(status.ABORTED, endorsing, 'chaincode response 500, {"code":"NOTE_SPENT","noteId":"n"}'),
    ],
  ])('is %s when %s fails so: %s', (code, step, error) => {
    const message = pegErrorOf(error, step);
    expect(message.code).toBe(code);
    // Raw text stands behind the code and its meaning, and before what to do; never alone.
    const { summary, remedy } = explanations[message.code];
    expect(message.message.startsWith(`${code}: ${summary} (`)).toBe(true);
    expect(message.message.endsWith(`). ${remedy}`)).toBe(true);
    expect(message.message).not.toContain('\n');
  });

  test('says of a submission that took too long that it was orderers who did not answer', () => {
    const message = pegErrorOf(failed(status.DEADLINE_EXCEEDED, 'Deadline exceeded after 5.0s'), 'submit');
    expect(message.message).toContain('(no orderer answered the peer in time; 4 DEADLINE_EXCEEDED');
  });

  test('names the orderers that refused what was submitted, by their addresses', () => {
    const message = pegErrorOf(failed(status.UNAVAILABLE, 'no orderers could', 'connection refused'), 'submit');
    expect(message.message).toContain('(GridMSP at peer0.grid.example.com:7051: connection refused)');
  });

  test("says each endorser's own words, by organization", () => {
    const message = pegErrorOf(failed(status.ABORTED, endorsing, 'this', 'that'), 'endorse');
    expect(message.message).toContain('(GridMSP: this; GridMSP: that)');
  });

  test('an envelope that holds no transaction is ANSWER_MALFORMED', () => {
    expect(() => proofOfEnvelope(new Uint8Array())).toThrow(
      expect.objectContaining({ code: 'ANSWER_MALFORMED' }) as Error,
    );
  });
});
