// SPDX-License-Identifier: Apache-2.0

import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import type { ChaincodeStub } from 'fabric-shim';

/** What fabric-shim 2.5.8 holds as the proposal's payload, whatever its types say. */
interface ProposalPayload {
  getInput_asU8(): Uint8Array;
}

/**
 * Whether this call is the one that the client signed: the same function and arguments.
 *
 * Chaincode may call other chaincode of its channel, in the name of the client that called it, and Fabric hands the
 * client's own proposal on. So what is called may be something that the client never saw.
 */
export function isAsSigned(stub: Pick<ChaincodeStub, 'getArgs' | 'getSignedProposal'>): boolean {
  const payload: unknown = stub.getSignedProposal().proposal.payload;
  const signed = argumentsIn((payload as ProposalPayload).getInput_asU8());
  const called = stub.getArgs();
  return signed.length === called.length && signed.every((each, index) => each === called[index]);
}

/** Of a `ChaincodeInvocationSpec` (fabric-protos, peer/chaincode.proto); clients differ in what else they write. */
function argumentsIn(invocation: Uint8Array): readonly string[] {
  const input = fieldsIn(invocation, 1)
    .flatMap((spec) => fieldsIn(spec, 3))
    .flatMap((each) => fieldsIn(each, 1));
  return input.map((bytes) => Buffer.from(bytes).toString('utf8'));
}

function fieldsIn(bytes: Uint8Array, wanted: number): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number === wanted && wireType === WireType.LengthDelimited) found.push(reader.bytes());
    else reader.skip(wireType, number);
  }
  return found;
}
