// SPDX-License-Identifier: Apache-2.0

export { PegContract } from './contract/peg-contract';
