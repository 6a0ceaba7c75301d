// SPDX-License-Identifier: Apache-2.0

import { txIdShape, type TxId } from '@gridpeg/protocol';
import { common, ledger, msp, peer } from '@hyperledger/fabric-protos';

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
  return {
    valid: processed.getValidationcode() === peer.TxValidationCode.VALID,
    args: argumentsOf(actionIn(payload)),
    ...origin(payload.getHeader()),
  };
}

/** A VALID transaction that wrote in a chaincode's namespace. */
export interface CommittedCall {
  readonly txId: TxId;
  /** what the client called, that chaincode or another one that called it: the function's name first */
  readonly args: readonly string[];
}

/** A block, reduced to what its transactions called. */
export interface BlockCalls {
  readonly number: bigint;
  readonly calls: readonly CommittedCall[];
}

/**
 * Finds the transactions of a block that changed a chaincode's records, whichever chaincode the client called. Events do
 * not show them all: Fabric keeps only those of the chaincode that the client called.
 *
 * @param chaincodeName - the namespace whose writes count
 * @throws Error when a VALID transaction does not parse
 */
export function callsIn(block: common.Block, chaincodeName: string): BlockCalls {
  const filter = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER];
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  const calls = envelopes
    .filter((_, index) => filter?.[index] === peer.TxValidationCode.VALID)
    .flatMap((envelope) => callIn(envelope, chaincodeName));
  return { number: BigInt(block.getHeader()?.getNumber() ?? 0), calls };
}

function callIn(envelope: Uint8Array, chaincodeName: string): readonly CommittedCall[] {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
  const header = common.ChannelHeader.deserializeBinary(payload.getHeader()?.getChannelHeader_asU8() ?? nothing);
  if (header.getType() !== common.HeaderType.ENDORSER_TRANSACTION) return [];
  const action = actionIn(payload);
  if (!writesIn(action, chaincodeName)) return [];
  return [{ txId: txIdShape.read(header.getTxId(), 'txId'), args: argumentsOf(action) }];
}

function actionIn(payload: common.Payload): peer.ChaincodeActionPayload {
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  return peer.ChaincodeActionPayload.deserializeBinary(action?.getPayload_asU8() ?? nothing);
}

function argumentsOf(action: peer.ChaincodeActionPayload): readonly string[] {
  const input = peer.ChaincodeProposalPayload.deserializeBinary(action.getChaincodeProposalPayload_asU8());
  const invocation = peer.ChaincodeInvocationSpec.deserializeBinary(input.getInput_asU8());
  const args = invocation.getChaincodeSpec()?.getInput()?.getArgsList_asU8() ?? [];
  return args.map((argument) => Buffer.from(argument).toString('utf8'));
}

function writesIn(action: peer.ChaincodeActionPayload, chaincodeName: string): boolean {
  const response = action.getAction()?.getProposalResponsePayload_asU8() ?? nothing;
  const extension = peer.ProposalResponsePayload.deserializeBinary(response).getExtension_asU8();
  const results = peer.ChaincodeAction.deserializeBinary(extension).getResults_asU8();
  return ledger.rwset.TxReadWriteSet.deserializeBinary(results)
    .getNsRwsetList()
    .filter((set) => set.getNamespace() === chaincodeName)
    .map((set) => ledger.rwset.kvrwset.KVRWSet.deserializeBinary(set.getRwset_asU8()))
    .some((set) => set.getWritesList().length > 0);
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
