// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/custody/accept.ts';
export const tests = ['chaincode/peg/src/domain/custody/accept.test.ts'];
export const changes = [
  [`if (mode !== lane.custody.mode) throw`, `if (false as boolean) throw`, 'the mode is that of the lane'],
  [`ends.destinationChainId !== chainId || ends`, `ends`, 'a certificate is for this chain'],
  [`|| ends.sourceChainId !== view.trust.chainId) {`, `) {`, 'the trust record is that of the source'],
  [`!isOfKind(batch, kind) || batch.laneId`, `batch.laneId`, 'packets are no receipts'],
  [`|| batch.laneId !== lane.id) throw`, `) throw`, 'a batch is of the lane'],
  [`batch.destinationChainId !== chainId) {`, `false) {`, 'a batch is for this chain'],
];
