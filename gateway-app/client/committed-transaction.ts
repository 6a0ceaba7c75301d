// SPDX-License-Identifier: Apache-2.0

import { common, msp, peer } from '@hyperledger/fabric-protos';

/** A transaction as a ledger holds it. */
export interface CommittedTransaction {
  /** whether the peers marked it VALID */
  readonly valid: boolean;
  /** what the chaincode was called with: the function's name first */
  readonly args: readonly string[];
  /** MSP id of whoever made it */
  readonly creator: string;
  /** by whoever made it; peers bound it to 60 s off their own clocks */
  readonly time: Date;
}

/**
 * Reads what a transaction called.
 *
 * @param bytes - serialized `protos.ProcessedTransaction`, as `qscc` `GetTransactionByID` gives it
 * @throws Error when it is no transaction of a chaincode
 */
export function readCommittedTransaction(bytes: Uint8Array): CommittedTransaction {
  const processed = peer.ProcessedTransaction.deserializeBinary(bytes);
  const payload = common.Payload.deserializeBinary(processed.getTransactionenvelope()?.getPayload_asU8() ?? nothing);
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const proposal = peer.ChaincodeActionPayload.deserializeBinary(action?.getPayload_asU8() ?? nothing);
  const input = peer.ChaincodeProposalPayload.deserializeBinary(proposal.getChaincodeProposalPayload_asU8());
  const invocation = peer.ChaincodeInvocationSpec.deserializeBinary(input.getInput_asU8());
  const args = invocation.getChaincodeSpec()?.getInput()?.getArgsList_asU8() ?? [];
  return {
    valid: processed.getValidationcode() === peer.TxValidationCode.VALID,
    args: args.map((argument) => Buffer.from(argument).toString('utf8')),
    ...origin(payload.getHeader()),
  };
}

function origin(header: common.Header | undefined): Pick<CommittedTransaction, 'creator' | 'time'> {
  const channel = common.ChannelHeader.deserializeBinary(header?.getChannelHeader_asU8() ?? nothing);
  const signer = common.SignatureHeader.deserializeBinary(header?.getSignatureHeader_asU8() ?? nothing);
  // Its type is of a package that has none.
  const { seconds = 0 } = (channel.toObject().timestamp ?? {}) as { readonly seconds?: number };
  return {
    creator: msp.SerializedIdentity.deserializeBinary(signer.getCreator_asU8()).getMspid(),
    time: new Date(seconds * 1000),
  };
}

const nothing = new Uint8Array();
