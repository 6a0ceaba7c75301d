// SPDX-License-Identifier: Apache-2.0

export { judgeChain } from './judge-ledgers';
export { judgeConfigurations, judgeNotaries, type ConfigurationFacts, type NotaryFacts } from './judge-peg';
export { askChain, type ChainFacts, type ChainToAsk, type PeerToAsk } from './ledger-facts';
export { underLoad, type MachineLoad } from './machine-load';
