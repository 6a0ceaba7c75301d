// SPDX-License-Identifier: Apache-2.0

import { readApproval, readChaincodeDefinition } from './fabric-message';
import { mspIdCodec, type MspId } from '../codec/identifiers';

/**
 * What `_lifecycle` is asked with for a chaincode's definition (fabric-protos, peer/lifecycle:
 * QueryChaincodeDefinitionArgs).
 *
 * @param chaincode - at most 127 characters of ASCII, so that the message's bytes are those of this text
 */
export function chaincodeDefinitionRequest(chaincode: string): string {
  return `\n${String.fromCharCode(chaincode.length)}${chaincode}`;
}

/**
 * The organizations of the channel: an answer on any definition says for each of them whether it approved.
 *
 * @param answer - QueryChaincodeDefinitionResult
 * @throws Error when it is anything else
 */
export function organizationsInDefinition(answer: Buffer): readonly MspId[] {
  return readChaincodeDefinition(answer).approvals.map((entry) =>
    mspIdCodec.decode(readApproval(entry).organization.toString('utf8'), 'approvals'),
  );
}
