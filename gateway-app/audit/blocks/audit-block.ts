// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';

/** One key written or deleted by a VALID transaction in the chaincode's namespace. */
export interface StateWrite {
  readonly key: string;
  /** undefined: deleted */
  readonly value: string | undefined;
}

/** What a transaction called, as its proposal says. */
export interface AuditCall {
  /** name of the chaincode that the client called; it may have called the audited one */
  readonly chaincode: string;
  /** contract and function, as `peg:transfer` */
  readonly name: string;
  /** the function's one argument; undefined when there were none or several */
  readonly argument: string | undefined;
}

/** What one VALID transaction called and wrote. */
export interface AuditTransaction {
  readonly txId: string;
  /** Unix milliseconds, as its maker dated it. */
  readonly timeMs: bigint;
  /** Who made it: MSP id and certificate, PEM. */
  readonly creator: { readonly mspId: string; readonly certificate: string };
  readonly call: AuditCall;
  /** Keys that it read and that had no value: Fabric's peers invalidate it if one of them was written meanwhile. */
  readonly absent: ReadonlySet<string>;
  /** Keys that it read and that had a value, each with the number of the block that wrote it. */
  readonly present: ReadonlyMap<string, bigint>;
  /** In the chaincode's namespace, in order. */
  readonly writes: readonly StateWrite[];
  /** Keys in the namespace that it gave an endorsement policy of their own, or other metadata. */
  readonly metadataKeys: readonly string[];
}

/** A block, reduced to what an audit judges. Hashes are lower-case hex. */
export interface AuditBlock {
  readonly number: bigint;
  readonly previousHash: string;
  /** As the header states it. */
  readonly dataHash: string;
  /** As computed from the data. */
  readonly dataHashFound: string;
  /** The peer's validation code of each transaction, in order. */
  readonly flags: readonly number[];
  /** VALID transactions with writes in the chaincode's namespace. */
  readonly transactions: readonly AuditTransaction[];
}

export type BlockHeader = Pick<AuditBlock, 'number' | 'previousHash' | 'dataHash'>;

/**
 * Hash of a block's header: SHA-256 of ASN.1 DER SEQUENCE {INTEGER number, OCTET STRING previous hash, OCTET STRING
 * data hash}, as Fabric's protoutil.BlockHeaderHash.
 */
export function blockHashOf(header: BlockHeader): string {
  return createHash('sha256').update(headerBytesOf(header)).digest('hex');
}

/** The bytes of a block's header that are hashed, and signed by orderers. */
export function headerBytesOf({ number, previousHash, dataHash }: BlockHeader): Buffer {
  const hex = number.toString(16);
  const digits = hex.length % 2 === 0 ? hex : `0${hex}`;
  // DER integers are signed: a leading bit set needs a zero byte in front.
  const integer = Buffer.from(Number.parseInt(digits.slice(0, 2), 16) >= 0x80 ? `00${digits}` : digits, 'hex');
  const fields = [
    element(0x02, integer),
    element(0x04, Buffer.from(previousHash, 'hex')),
    element(0x04, Buffer.from(dataHash, 'hex')),
  ];
  return element(0x30, Buffer.concat(fields));
}

/** All lengths here are below 128. */
function element(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}
