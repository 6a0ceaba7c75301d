// SPDX-License-Identifier: Apache-2.0

/**
 * Version of requests, answers and batches, which chaincode gives in the metadata of its contract `peg`. It is one more
 * with each change that older chaincode cannot take part in.
 *
 * @see docs/spec/06-ledger.md
 */
export const wireVersion = 5;
