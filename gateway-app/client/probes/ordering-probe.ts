// SPDX-License-Identifier: Apache-2.0

import { type Client, type ServiceError } from '@grpc/grpc-js';
import { common, gateway as gatewayMessages } from '@hyperledger/fabric-protos';

const submitMethod = '/gateway.Gateway/Submit';
/** What a peer says when an orderer has answered, be it with a no, or when it is too busy to ask any. */
const reached = /unsuccessful response from orderer: status=(?!SERVICE_UNAVAILABLE)|too many requests/u;

/**
 * Asks a peer to submit a transaction that every orderer must refuse, for nobody has signed it: whether commits get
 * that far at all. Nothing is ordered. It takes no address of an orderer, and the way that real transactions take.
 *
 * @param client - of the peer
 * @returns undefined when an orderer refused it; otherwise what the peer says
 */
export function askOrdering(client: Client, channel: string, deadlineMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      submitMethod,
      (message: gatewayMessages.SubmitRequest) => Buffer.from(message.serializeBinary()),
      (bytes: Buffer) => gatewayMessages.SubmitResponse.deserializeBinary(bytes),
      unsigned(channel),
      { deadline: deadlineMs },
      (error) => {
        resolve(error === null ? undefined : problemIn(error));
      },
    );
  });
}

/** What the peer says, with the addresses of the orderers that it tried; what each of them said is carried apart. */
function problemIn({ details, metadata }: ServiceError): string | undefined {
  const detailTexts = metadata.get('grpc-status-details-bin').map((bytes) => bytes.toString());
  const said = [details, ...detailTexts].join(' ');
  if (reached.test(said)) return undefined;
  // Fields of a binary record: an address is one as a whole, and not only a part of what an orderer says.
  const fields = detailTexts.join(' ').split(/[^ -~]+/u);
  const addresses = fields.filter((field) => /^[a-z0-9][a-z0-9.-]*:\d{1,5}$/iu.test(field));
  return [details, ...addresses].join(', ');
}

function unsigned(channel: string): gatewayMessages.SubmitRequest {
  const channelHeader = new common.ChannelHeader();
  channelHeader.setType(common.HeaderType.ENDORSER_TRANSACTION);
  channelHeader.setChannelId(channel);
  const header = new common.Header();
  header.setChannelHeader(channelHeader.serializeBinary());
  header.setSignatureHeader(new common.SignatureHeader().serializeBinary());
  const payload = new common.Payload();
  payload.setHeader(header);
  const envelope = new common.Envelope();
  envelope.setPayload(payload.serializeBinary());
  envelope.setSignature(Buffer.from('nobody'));
  const request = new gatewayMessages.SubmitRequest();
  request.setChannelId(channel);
  request.setPreparedTransaction(envelope);
  return request;
}
