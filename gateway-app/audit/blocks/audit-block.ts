// SPDX-License-Identifier: Apache-2.0

import { type BlockHeader } from '@gridpeg/protocol';

/** One key written or deleted by a VALID transaction in the chaincode's namespace. */
export interface StateWrite {
  readonly key: string;
  /** Undefined when the key was deleted. */
  readonly value: string | undefined;
}

/** What a transaction called, as its proposal says. */
export interface AuditCall {
  /** The name of the chaincode that the client called; it may have called the audited one. */
  readonly chaincode: string;
  /** Contract and function, as `peg:transfer`. */
  readonly name: string;
  /** The function's one argument; undefined when there were none or several. */
  readonly argument: string | undefined;
}

/** What one VALID transaction called and wrote. */
export interface AuditTransaction {
  readonly txId: string;
  /** The time in Unix milliseconds that the client gave it. */
  readonly timeMs: bigint;
  /** The client that made it: MSP id and certificate in PEM. */
  readonly creator: { readonly mspId: string; readonly certificate: string };
  readonly call: AuditCall;
  /** Keys that it read and that had no value: Fabric's peers invalidate it if one of them was written meanwhile. */
  readonly absent: ReadonlySet<string>;
  /** Keys that it read and that had a value, each with the number of the block that wrote it. */
  readonly present: ReadonlyMap<string, bigint>;
  /** The writes in the chaincode's namespace, in order. */
  readonly writes: readonly StateWrite[];
  /** Keys in the namespace that it gave an endorsement policy of their own, or other metadata. */
  readonly metadataKeys: readonly string[];
}

/** A block, reduced to what an audit judges. Hashes are lower-case hex. */
export interface AuditBlock extends BlockHeader {
  /** The hash as computed from the data. */
  readonly dataHashFound: string;
  /** The peer's validation code of each transaction, in order. */
  readonly flags: readonly number[];
  /** VALID transactions with writes in the chaincode's namespace. */
  readonly transactions: readonly AuditTransaction[];
}
