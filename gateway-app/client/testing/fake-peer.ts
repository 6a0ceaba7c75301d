// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one fake of a peer, with all services that clients call.

import { Server, ServerCredentials, type MethodDefinition, type status, type UntypedHandleCall } from '@grpc/grpc-js';
import { grid } from '@gridpeg/protocol/testing';
import { common, gateway as gatewayMessages, peer } from '@hyperledger/fabric-protos';
import { type ClientIdentity, type ConnectionOptions, type PeerEndpoint } from '../connection/connection-options';

const pem = (key: typeof grid.peer.key): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A client of the member that the fake peers belong to. */
const clientIdentity: ClientIdentity = {
  mspId: grid.mspId,
  certificate: grid.client.certificate,
  privateKey: pem(grid.client.key),
};

/** What a handler throws, and a peer answers instead. */
export type Failure = Error & { readonly code: status; readonly details: string };

export function failure(code: status, details: string): Failure {
  return Object.assign(new Error(details), { code, details });
}

/** What a fake peer does with a call, by the method's name; a promise that never ends is a peer that is silent. */
export interface FakePeerHandlers {
  readonly call?: (method: string) => Promise<void>;
  /** What chaincode answers to a transaction. */
  readonly answer?: string;
  /** What chaincode answers to a query. */
  readonly query?: (functionName: string, argument: string) => string;
  /** Events from a block on; ends the stream with the error that it throws. */
  readonly events?: (startBlock: bigint | undefined) => AsyncGenerator<readonly peer.ChaincodeEvent[], void>;
}

/** The Gateway service of a peer, as far as the client uses it, on a real gRPC server with TLS. */
export class FakePeer {
  readonly calls: string[] = [];
  cancelled = 0;
  readonly #server = new Server();
  readonly #handlers: FakePeerHandlers;
  #port = 0;

  constructor(handlers: FakePeerHandlers) {
    this.#handlers = handlers;
  }

  static async start(handlers: FakePeerHandlers = {}): Promise<FakePeer> {
    const fake = new FakePeer(handlers);
    await fake.#listen();
    return fake;
  }

  endpoint(port = this.#port): PeerEndpoint {
    return {
      mspId: grid.mspId,
      endpoint: `127.0.0.1:${port.toString()}`,
      hostAlias: `peer0.${grid.mspId}`,
      tlsCaCert: grid.caCertificate,
    };
  }

  get port(): number {
    return this.#port;
  }

  stop(): void {
    this.#server.forceShutdown();
  }

  async #listen(): Promise<void> {
    const { EvaluateResponse, SubmitResponse, CommitStatusResponse } = gatewayMessages;
    const evaluated = (asked: unknown): gatewayMessages.EvaluateResponse => {
      const response = new peer.Response();
      const [name = '', argument = ''] = argumentsOf(asked as gatewayMessages.EvaluateRequest);
      response.setPayload(Buffer.from(this.#handlers.query?.(name, argument) ?? 'answer'));
      const result = new EvaluateResponse();
      result.setResult(response);
      return result;
    };
    const status200 = new CommitStatusResponse();
    status200.setResult(peer.TxValidationCode.VALID);
    status200.setBlockNumber(7);
    this.#server.addService(
      {
        evaluate: definition('Evaluate'),
        endorse: definition('Endorse'),
        submit: definition('Submit'),
        commitStatus: definition('CommitStatus'),
        chaincodeEvents: { ...definition('ChaincodeEvents'), responseStream: true },
      },
      {
        evaluate: this.#unary('evaluate', evaluated),
        endorse: this.#unary('endorse', () => endorseResponse(this.#handlers.answer ?? 'answer')),
        submit: this.#unary('submit', () => new SubmitResponse()),
        commitStatus: this.#unary('commitStatus', () => status200),
        chaincodeEvents: (call: EventCall) => {
          this.calls.push('chaincodeEvents');
          void this.#stream(call);
        },
      },
    );
    const keys = [{ cert_chain: Buffer.from(grid.peer.certificate), private_key: Buffer.from(pem(grid.peer.key)) }];
    const credentials = ServerCredentials.createSsl(null, keys);
    this.#port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync('127.0.0.1:0', credentials, (error, port) => {
        if (error === null) resolve(port);
        else reject(error);
      });
    });
  }

  #unary(method: string, answer: (request: unknown) => unknown): UntypedHandleCall {
    return ((
      call: { readonly request: unknown; readonly on: (event: 'cancelled', listener: () => void) => void },
      done: (error: Failure | null, answer?: unknown) => void,
    ) => {
      this.calls.push(method);
      call.on('cancelled', () => (this.cancelled += 1));
      const handled = this.#handlers.call?.(method) ?? Promise.resolve();
      handled
        .then(() => {
          done(null, answer(call.request));
        })
        .catch((error: unknown) => {
          done(error as Failure);
        });
    }) as UntypedHandleCall;
  }

  async #stream(call: EventCall): Promise<void> {
    const request = gatewayMessages.ChaincodeEventsRequest.deserializeBinary(call.request.getRequest_asU8());
    const position = request.getStartPosition();
    const start = position?.getSpecified()?.getNumber();
    try {
      for await (const events of this.#handlers.events?.(start === undefined ? undefined : BigInt(start)) ?? []) {
        const block = new gatewayMessages.ChaincodeEventsResponse();
        block.setEventsList([...events]);
        block.setBlockNumber(Number(blockOf.get(events) ?? 0n));
        call.write(block);
      }
      call.end();
    } catch (failure) {
      call.emit('error', failure);
    }
  }
}

interface EventCall {
  readonly request: gatewayMessages.SignedChaincodeEventsRequest;
  readonly write: (block: gatewayMessages.ChaincodeEventsResponse) => void;
  readonly end: () => void;
  readonly emit: (event: 'error', failure: unknown) => void;
}

const blockOf = new WeakMap<readonly peer.ChaincodeEvent[], bigint>();

/** One block's events. */
export function eventBlock(
  number: bigint,
  events: ReadonlyArray<{ readonly txId: string; readonly payload: string; readonly chaincode?: string }>,
): readonly peer.ChaincodeEvent[] {
  const block = events.map(({ txId, payload, chaincode = 'city' }) => {
    const event = new peer.ChaincodeEvent();
    event.setChaincodeId(chaincode);
    event.setEventName('peg');
    event.setTxId(txId);
    event.setPayload(Buffer.from(payload));
    return event;
  });
  blockOf.set(block, number);
  return block;
}

/** How a client of the member reaches the peers. */
export function connectionTo(
  peers: readonly PeerEndpoint[],
  deadlines: ConnectionOptions['deadlines'] = {},
): ConnectionOptions {
  return { channel: 'city', chaincodeName: 'city', peers, identity: clientIdentity, deadlines };
}

function definition(method: string): MethodDefinition<unknown, unknown> {
  const requests: Readonly<Record<string, { readonly deserializeBinary: (bytes: Uint8Array) => unknown }>> = {
    Evaluate: gatewayMessages.EvaluateRequest,
    Endorse: gatewayMessages.EndorseRequest,
    Submit: gatewayMessages.SubmitRequest,
    CommitStatus: gatewayMessages.SignedCommitStatusRequest,
    ChaincodeEvents: gatewayMessages.SignedChaincodeEventsRequest,
  };
  return {
    path: `/gateway.Gateway/${method}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: () => Buffer.alloc(0),
    requestDeserialize: (bytes) => requests[method]?.deserializeBinary(bytes),
    responseSerialize: (message) =>
      Buffer.from((message as { readonly serializeBinary: () => Uint8Array }).serializeBinary()),
    responseDeserialize: (bytes) => bytes,
  };
}

/** The function's name, and what it is called with. */
function argumentsOf(request: gatewayMessages.EvaluateRequest): readonly string[] {
  const signed = request.getProposedTransaction();
  const proposal = peer.Proposal.deserializeBinary(signed?.getProposalBytes_asU8() ?? new Uint8Array());
  const payload = peer.ChaincodeProposalPayload.deserializeBinary(proposal.getPayload_asU8());
  const invocation = peer.ChaincodeInvocationSpec.deserializeBinary(payload.getInput_asU8());
  const found = invocation.getChaincodeSpec()?.getInput()?.getArgsList_asU8() ?? [];
  return found.map((each) => Buffer.from(each).toString('utf8'));
}

/** An endorsed transaction with nothing in it but an answer. */
function endorseResponse(answer: string): gatewayMessages.EndorseResponse {
  const response = new peer.Response();
  response.setStatus(200);
  response.setPayload(Buffer.from(answer));
  const result = new peer.ChaincodeAction();
  result.setResponse(response);
  const payload = new peer.ProposalResponsePayload();
  payload.setExtension$(result.serializeBinary());
  const endorsed = new peer.ChaincodeEndorsedAction();
  endorsed.setProposalResponsePayload(payload.serializeBinary());
  const action = new peer.ChaincodeActionPayload();
  action.setAction(endorsed);
  const transactionAction = new peer.TransactionAction();
  transactionAction.setPayload(action.serializeBinary());
  const transaction = new peer.Transaction();
  transaction.addActions(transactionAction);
  const channelHeader = new common.ChannelHeader();
  channelHeader.setChannelId('city');
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  const envelopePayload = new common.Payload();
  envelopePayload.setHeader(header);
  envelopePayload.setData(transaction.serializeBinary());
  const envelope = new common.Envelope();
  envelope.setPayload(envelopePayload.serializeBinary());
  const endorseAnswer = new gatewayMessages.EndorseResponse();
  endorseAnswer.setPreparedTransaction(envelope);
  return endorseAnswer;
}
