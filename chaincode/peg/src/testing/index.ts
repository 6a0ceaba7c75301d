// SPDX-License-Identifier: Apache-2.0

/**
 * Channels with the real contracts, and ledgers that these wrote, for the tests of other workspaces; no part of what is
 * deployed.
 */

export { Channel } from './channel';
export { change } from './govern';
export { recordLedgers, type RecordedLedger } from './record-ledgers';
export { type RecordedTransaction } from './recorded-channel';
