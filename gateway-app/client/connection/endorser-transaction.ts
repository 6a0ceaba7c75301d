// SPDX-License-Identifier: Apache-2.0

import { common, ledger, peer } from '@hyperledger/fabric-protos';

/** An endorser transaction, as far as every reader of blocks decodes it. */
export interface EndorserTransaction {
  readonly header: common.ChannelHeader;
  readonly signer: common.SignatureHeader;
  /** What the client called: this chaincode, or another one that called it. */
  readonly called: peer.ChaincodeSpec | undefined;
  /** What it read and wrote in that namespace. */
  readonly sets: readonly ledger.rwset.kvrwset.KVRWSet[];
}

const nothing = new Uint8Array();

/**
 * Decodes the VALID endorser transactions of a block that read or wrote in a chaincode's namespace, in order.
 *
 * @param chaincodeName - the namespace
 * @throws Error when one does not parse
 */
export function validTransactions(block: common.Block, chaincodeName: string): readonly EndorserTransaction[] {
  const filter = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER];
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  return envelopes
    .filter((_, index) => filter?.[index] === peer.TxValidationCode.VALID)
    .flatMap((envelope) => endorserTransaction(envelope, chaincodeName));
}

function endorserTransaction(envelope: Uint8Array, chaincodeName: string): readonly EndorserTransaction[] {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8());
  const header = common.ChannelHeader.deserializeBinary(payload.getHeader()?.getChannelHeader_asU8() ?? nothing);
  if (header.getType() !== common.HeaderType.ENDORSER_TRANSACTION) return [];
  const action = actionIn(payload);
  const sets = setsIn(action, chaincodeName);
  if (sets.length === 0) return [];
  const signer = common.SignatureHeader.deserializeBinary(payload.getHeader()?.getSignatureHeader_asU8() ?? nothing);
  return [{ header, signer, called: calledBy(action), sets }];
}

/** The one action of a transaction. */
export function actionIn(payload: common.Payload): peer.ChaincodeActionPayload {
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  return peer.ChaincodeActionPayload.deserializeBinary(action?.getPayload_asU8() ?? nothing);
}

/** The chaincode that a client called, and with what. */
export function calledBy(action: peer.ChaincodeActionPayload): peer.ChaincodeSpec | undefined {
  const input = peer.ChaincodeProposalPayload.deserializeBinary(action.getChaincodeProposalPayload_asU8());
  return peer.ChaincodeInvocationSpec.deserializeBinary(input.getInput_asU8()).getChaincodeSpec();
}

/** The arguments of a call as text, the function's name first. */
export function argumentsOf(called: peer.ChaincodeSpec | undefined): readonly string[] {
  const args = called?.getInput()?.getArgsList_asU8() ?? [];
  return args.map((argument) => Buffer.from(argument).toString('utf8'));
}

function setsIn(action: peer.ChaincodeActionPayload, chaincodeName: string): EndorserTransaction['sets'] {
  const response = action.getAction()?.getProposalResponsePayload_asU8() ?? nothing;
  const extension = peer.ProposalResponsePayload.deserializeBinary(response).getExtension_asU8();
  const results = peer.ChaincodeAction.deserializeBinary(extension).getResults_asU8();
  return ledger.rwset.TxReadWriteSet.deserializeBinary(results)
    .getNsRwsetList()
    .filter((set) => set.getNamespace() === chaincodeName)
    .map((set) => ledger.rwset.kvrwset.KVRWSet.deserializeBinary(set.getRwset_asU8()));
}
