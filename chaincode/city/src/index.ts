// SPDX-License-Identifier: Apache-2.0

/** What fabric-chaincode-node serves. */
export { contracts } from '@gridpeg/peg';
