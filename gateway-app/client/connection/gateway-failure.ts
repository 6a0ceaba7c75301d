// SPDX-License-Identifier: Apache-2.0

import { status } from '@grpc/grpc-js';
import { GatewayError } from '@hyperledger/fabric-gateway';
import { type ClientCode } from '../errors/explanations';
import { parseRefusal, PegError, type Submitted } from '../errors/peg-error';

const deadlineExceeded: number = status.DEADLINE_EXCEEDED;
const resourceExhausted: number = status.RESOURCE_EXHAUSTED;
const noAnswer = new Set<number>([status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.CANCELLED]);

/** Whether the peer, or somebody behind it, did not answer at all, as opposed to saying no. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof PegError) return error.code === 'PEER_UNAVAILABLE';
  return error instanceof GatewayError && noAnswer.has(error.code);
}

/**
 * Whether it is the peer itself that does not answer. One that waits too long for the endorsements of others ends the
 * call at its deadline, too, but answers pings meanwhile: a silent one would have lost its connection before.
 */
export function isSilence(error: unknown, kind: 'evaluate' | 'endorse' | 'submit' | 'commitStatus'): boolean {
  if (!(error instanceof GatewayError) || !noAnswer.has(error.code)) return false;
  if (error.details.length > 0 || /orderer|endorsing peers/iu.test(error.message)) return false;
  return error.code !== deadlineExceeded || kind === 'evaluate';
}

/** Whether peer or orderer had too much to do, so that the same call may succeed elsewhere or later. */
export function isOverload(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false;
  const said = [error.message, ...error.details.map(({ message }) => message)].join(' ');
  // A message that is too large will be too large again.
  if (error.code === resourceExhausted) return !/larger than max|too large/iu.test(said);
  return /too many requests|exceeding concurrency limit|SERVICE_UNAVAILABLE/u.test(said);
}

/** The step of a call in which the Gateway failed. */
export type CallStep = 'evaluate' | 'endorse' | 'submit' | 'status';

/**
 * Turns what the Gateway threw into an error with a code.
 *
 * The peg's own refusal is looked for first, in every peer's message: several endorsers repeat it, each wrapped
 * differently.
 */
export function pegErrorOf(error: unknown, step: CallStep, submitted?: Submitted): PegError {
  if (error instanceof PegError) return submitted === undefined ? error : unknownAfter(error, submitted);
  if (!(error instanceof GatewayError)) throw error;
  const said = [...error.details.map(({ message }) => message), error.message];
  const refusal = said.map(parseRefusal).find((found) => found !== undefined);
  if (refusal !== undefined) return new PegError({ ...refusal, submitted, cause: error });
  const message = error.details.map((each) => describeDetail(each, step)).join('; ') || error.message;
  const isLate = step === 'submit' && error.code === deadlineExceeded;
  const detail = isLate ? `no orderer answered the peer in time; ${message}` : message;
  return new PegError({ code: codeOf(error, step, said.join(' ')), detail, submitted, cause: error });
}

/** The error of a submitted transaction about which nothing is known, because there was no connection to ask. */
function unknownAfter(cause: PegError, submitted: Submitted): PegError {
  return new PegError({ code: 'COMMIT_STATUS_UNKNOWN', detail: cause.message, submitted, cause });
}

/** The message of one node; an orderer is identified by its address alone. */
function describeDetail({ mspId, address, message }: GatewayError['details'][number], step: CallStep): string {
  return step === 'submit' ? `${mspId} at ${address}: ${message}` : `${mspId}: ${message}`;
}

const byMessage: ReadonlyArray<readonly [RegExp, ClientCode | 'CLOCK_SKEW']> = [
  [
    /no combination of peers|chaincode definition .* exists?|chaincode .* not found|is not installed/iu,
    'CHAINCODE_NOT_READY',
  ],
  [/could not launch chaincode|connection to chaincode|chaincode registration failed/iu, 'CHAINCODE_NOT_READY'],
  [/ProposalResponsePayloads do not match/iu, 'ENDORSEMENTS_DIFFER'],
  // A peer refuses what differs by more than 15 minutes, before any chaincode sees it, and says its own time.
  [/due to incorrect timestamp/iu, 'CLOCK_SKEW'],
  [
    /failed to find any endorsing peers|failed to select a set of endorsers|failed to collect enough/iu,
    'ENDORSEMENT_FAILED',
  ],
  [/creator is malformed|access denied|creator org unknown/iu, 'IDENTITY_REJECTED'],
  [/orderer/iu, 'ORDERER_UNAVAILABLE'],
  [/chaincode response [45]\d\d/iu, 'CHAINCODE_FAILED'],
];

const byStatus: ReadonlyMap<number, ClientCode> = new Map([
  [status.UNAVAILABLE, 'PEER_UNAVAILABLE'],
  [status.DEADLINE_EXCEEDED, 'PEER_UNAVAILABLE'],
  [status.CANCELLED, 'PEER_UNAVAILABLE'],
  [status.PERMISSION_DENIED, 'IDENTITY_REJECTED'],
  [status.UNAUTHENTICATED, 'IDENTITY_REJECTED'],
  [status.FAILED_PRECONDITION, 'CHAINCODE_NOT_READY'],
]);

function codeOf(error: GatewayError, step: CallStep, said: string): ClientCode | 'CLOCK_SKEW' {
  if (step === 'status') return 'COMMIT_STATUS_UNKNOWN';
  if (isOverload(error)) return 'GATEWAY_OVERLOADED';
  // Unless it was an orderer that said no, one may have it, whatever was said afterwards.
  if (step === 'submit') return /orderer/iu.test(said) ? 'ORDERER_UNAVAILABLE' : 'COMMIT_STATUS_UNKNOWN';
  const named = byMessage.find(([pattern]) => pattern.test(said))?.[1];
  return named ?? byStatus.get(error.code) ?? 'ENDORSEMENT_FAILED';
}
