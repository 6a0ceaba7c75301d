// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/records/batch.ts';
export const tests = ['chaincode/protocol/src/records/batch.test.ts', 'chaincode/protocol/src/vectors.test.ts'];
export const changes = [
  [
    `hash('gridpeg/v1/receipt', encode(receiptCodec, receipt))`,
    `hash('gridpeg/v1/packet', encode(receiptCodec, receipt))`,
    'a receipt is no packet',
  ],
  [
    `    ...[kind, laneId, sourceChainId, destinationChainId],\n`,
    `    ...[laneId, sourceChainId, destinationChainId],\n`,
    'a root binds the kind',
  ],
  [
    `    ...[kind, laneId, sourceChainId, destinationChainId],\n`,
    `    ...[kind, sourceChainId, destinationChainId],\n`,
    'a root binds the lane',
  ],
  [
    `    ...[kind, laneId, sourceChainId, destinationChainId],\n`,
    `    ...[kind, laneId, destinationChainId],\n`,
    'a root binds the source',
  ],
  [
    `    ...[kind, laneId, sourceChainId, destinationChainId],\n`,
    `    ...[kind, laneId, sourceChainId],\n`,
    'a root binds the destination',
  ],
  [`    entryHashes.length,\n`, ``, 'a root binds the count'],
  [`    ...entryHashes,\n  );`, `    ...[...entryHashes].sort(),\n  );`, 'a root binds the order'],
];
