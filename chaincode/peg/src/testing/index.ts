// SPDX-License-Identifier: Apache-2.0

/** Ledgers that the contracts themselves wrote, for the tests of other workspaces; no part of what is deployed. */

export { recordLedgers, type RecordedLedger } from './record-ledgers';
export { type RecordedTransaction } from './recorded-channel';
