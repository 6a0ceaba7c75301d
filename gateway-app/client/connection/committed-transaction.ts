// SPDX-License-Identifier: Apache-2.0

import { txIdCodec, type TxId } from '@gridpeg/protocol';
import { common, msp, peer } from '@hyperledger/fabric-protos';
import { actionIn, argumentsOf, calledBy, validTransactions } from './endorser-transaction';

/** A transaction as a ledger holds it. */
export interface CommittedTransaction {
  /** Whether the peers marked it VALID. */
  readonly valid: boolean;
  /** What the chaincode was called with: the function's name first. */
  readonly args: readonly string[];
  /** MSP id of whoever made it */
  readonly creator: string;
  /** The client's clock gave it; peers accept at most 60 s of difference from their own clocks. */
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
    args: argumentsOf(calledBy(actionIn(payload))),
    ...origin(payload.getHeader()),
  };
}

/** A VALID transaction that wrote in a chaincode's namespace. */
export interface CommittedCall {
  readonly txId: TxId;
  /** What the client called, that chaincode or another one that called it: the function's name first. */
  readonly args: readonly string[];
}

/** A block, reduced to what its transactions called. */
export interface BlockCalls {
  readonly number: bigint;
  readonly calls: readonly CommittedCall[];
}

/**
 * Finds the transactions of a block that changed a chaincode's records, whichever chaincode the client called. Events
 * do not show them all: Fabric keeps only those of the chaincode that the client called.
 *
 * @param chaincodeName - the namespace whose writes count
 * @throws Error when a VALID transaction does not parse
 */
export function callsIn(block: common.Block, chaincodeName: string): BlockCalls {
  const calls = validTransactions(block, chaincodeName)
    .filter(({ sets }) => sets.some((set) => set.getWritesList().length > 0))
    .map(({ header, called }) => ({ txId: txIdCodec.decode(header.getTxId(), 'txId'), args: argumentsOf(called) }));
  return { number: BigInt(block.getHeader()?.getNumber() ?? 0), calls };
}

function origin(header: common.Header | undefined): Pick<CommittedTransaction, 'creator' | 'time'> {
  const channel = common.ChannelHeader.deserializeBinary(header?.getChannelHeader_asU8() ?? nothing);
  const signer = common.SignatureHeader.deserializeBinary(header?.getSignatureHeader_asU8() ?? nothing);
  // The package of its type has no declarations.
  const { seconds = 0 } = (channel.toObject().timestamp ?? {}) as { readonly seconds?: number };
  return {
    creator: msp.SerializedIdentity.deserializeBinary(signer.getCreator_asU8()).getMspid(),
    time: new Date(seconds * 1000),
  };
}

const nothing = new Uint8Array();
