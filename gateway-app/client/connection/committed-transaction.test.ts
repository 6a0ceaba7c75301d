// SPDX-License-Identifier: Apache-2.0

import { common, peer } from '@hyperledger/fabric-protos';
import { realBlocks } from '../testing/real-blocks';
import { callsIn } from './committed-transaction';

/** The block of a settlement, the last one that was recorded. */
const lastBlock = (): common.Block => realBlocks('raft').at(-1)!;

/** The same block, as if its client had called other chaincode, which called the peg and dropped its event. */
function throughOther(block: common.Block): common.Block {
  const [bytes] = block.getData()!.getDataList_asU8();
  const envelope = common.Envelope.deserializeBinary(bytes!);
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const transaction = peer.Transaction.deserializeBinary(payload.getData_asU8());
  const [action] = transaction.getActionsList();
  const proposed = peer.ChaincodeActionPayload.deserializeBinary(action!.getPayload_asU8());
  const input = peer.ChaincodeProposalPayload.deserializeBinary(proposed.getChaincodeProposalPayload_asU8());
  const invocation = peer.ChaincodeInvocationSpec.deserializeBinary(input.getInput_asU8());
  invocation.getChaincodeSpec()!.getChaincodeId()!.setName('wrapper');
  input.setInput(invocation.serializeBinary());
  proposed.setChaincodeProposalPayload(input.serializeBinary());
  const response = peer.ProposalResponsePayload.deserializeBinary(
    proposed.getAction()!.getProposalResponsePayload_asU8(),
  );
  const answered = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
  answered.setEvents('');
  response.setExtension$(answered.serializeBinary());
  proposed.getAction()!.setProposalResponsePayload(response.serializeBinary());
  action!.setPayload(proposed.serializeBinary());
  transaction.setActionsList([action!]);
  payload.setData(transaction.serializeBinary());
  envelope.setPayload(payload.serializeBinary());
  block.getData()!.setDataList([envelope.serializeBinary()]);
  return block;
}

describe('what the transactions of a block called', () => {
  test('is found in blocks that Fabric wrote', () => {
    const calls = realBlocks('raft').flatMap((block) => callsIn(block, 'city').calls);
    expect(calls.map(({ args: [name] }) => name)).toEqual(
      expect.arrayContaining(['peg:issue', 'peg:send', 'peg:settle']),
    );
    const { number, calls: last } = callsIn(lastBlock(), 'city');
    expect(number).toBe(BigInt(realBlocks('raft').length - 1));
    expect(last).toMatchObject([{ txId: expect.stringMatching(/^[0-9a-f]{64}$/u) as unknown }]);
  });

  test('T51: is found as well where the client called other chaincode, which shows no event of the peg', () => {
    expect(callsIn(throughOther(lastBlock()), 'city')).toEqual(callsIn(lastBlock(), 'city'));
    expect(callsIn(lastBlock(), 'city').calls).toHaveLength(1);
  });

  test('is nothing where the transaction is not VALID, or wrote elsewhere', () => {
    const block = lastBlock();
    expect(callsIn(block, 'wrapper').calls).toEqual([]);
    const list = block.getMetadata()!.getMetadataList_asU8();
    const invalid = Uint8Array.of(peer.TxValidationCode.MVCC_READ_CONFLICT);
    block
      .getMetadata()!
      .setMetadataList(
        list.map((value, index) => (index === common.BlockMetadataIndex.TRANSACTIONS_FILTER ? invalid : value)),
      );
    expect(callsIn(block, 'city').calls).toEqual([]);
  });
});
