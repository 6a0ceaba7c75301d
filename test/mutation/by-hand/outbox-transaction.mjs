// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/spv/outbox-transaction.ts';
export const tests = ['chaincode/protocol/src/spv/block-proof.test.ts'];
export const changes = [
  ["if (another !== undefined) throw malformedProof('writes', 'each key once');", '', 'a key is written once'],
  [
    'if (write === undefined || write.isDelete !== 0) throw',
    'if (write === undefined) throw',
    'a deleted key is not written',
  ],
  ['candidate.key.equals(key)', 'candidate.key.subarray(0, key.length).equals(key)', 'a key is compared whole'],
  [
    'packet.txId === txId && packet.sourceChainId === chainId',
    'packet.sourceChainId === chainId',
    'a packet is of its transaction',
  ],
  ['packet.txId === txId && packet.sourceChainId === chainId', 'packet.txId === txId', 'a packet is of its chain'],
  ["if (type !== endorserTransaction) throw foreign('envelope.type');", '', 'a transaction is an endorser transaction'],
  ["  expectText('envelope.channelId', channelId, channel);\n", '', 'a transaction is of the channel'],
  ["  expectText('envelope.txId', txId, own);\n", '', 'an id is that of nonce and creator'],
  [
    'if (action === undefined || another !== undefined) throw',
    'if (action === undefined) throw',
    'a transaction has one action',
  ],
  ['if (dataModel !== 0) throw', 'if (false as boolean) throw', 'results are keys and values'],
  ['if (sets.length > 1) throw', 'if (false as boolean) throw', 'a namespace is there once'],
];
