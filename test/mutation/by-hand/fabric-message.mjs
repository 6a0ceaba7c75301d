// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/proof/fabric-message.ts';
export const tests = [
  'chaincode/protocol/src/proof/fabric-message.test.ts',
  'chaincode/protocol/src/proof/fabric-proposal.test.ts',
];
export const changes = [
  [`if (wireType !== wireTypeOf(kind)) throw`, `if (false as boolean) throw`, 'a field has its wire type'],
  [`if (kind !== 'list' && met.has(name)) throw`, `if (false as boolean) throw`, 'a field is there once'],
  [
    `if (spelling === 'one' && !bytes.equals(written(names, found)))`,
    `if (false as boolean)`,
    'a message has one spelling',
  ],
  [`> listLength) throw`, `> 1e9) throw`, 'a list is bounded'],
  [
    `{ type: 1, timestamp: 3, channelId: 4, txId: 5, extension: 7 }`,
    `{ type: 1, timestamp: 3, channelId: 4, txId: 6, extension: 7 }`,
    'a field has its number',
  ],
];
