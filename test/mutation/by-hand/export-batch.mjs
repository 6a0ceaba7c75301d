// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/packets/export-batch.ts';
export const tests = [
  'chaincode/peg/src/domain/packets/export-batch.test.ts',
  'chaincode/peg/src/peg-contract.test.ts',
];
export const changes = [
  [`if (ends.sourceChainId !== chainId) throw`, `if (false as boolean) throw`, 'a chain exports its own ends only'],
  [`.filter((p) => p.laneId === lane.id)`, ``, 'packets of other lanes are left out'],
  [`.filter((r) => r.laneId === lane.id)`, ``, 'receipts of other lanes are left out'],
  [`if (batch.entries.length === 0) throw`, `if (false as boolean) throw`, 'a batch is not empty'],
  [`if (batch.entries.length > limits.batchEntries) {`, `if (false as boolean) {`, 'a batch is bounded'],
];
