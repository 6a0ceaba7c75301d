// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';

/** One key written or deleted by a VALID transaction in the chaincode's namespace. */
export interface StateWrite {
  readonly key: string;
  /** undefined: deleted */
  readonly value: string | undefined;
}

/** What one VALID transaction wrote, in order. */
export interface AuditTransaction {
  readonly txId: string;
  readonly writes: readonly StateWrite[];
}

/** A block, reduced to what an audit judges. Hashes are lower-case hex. */
export interface AuditBlock {
  readonly number: bigint;
  readonly previousHash: string;
  /** As the header states it. */
  readonly dataHash: string;
  /** As computed from the data. */
  readonly dataHashFound: string;
  /** VALID transactions with writes in the chaincode's namespace. */
  readonly transactions: readonly AuditTransaction[];
}

/**
 * Hash of a block's header: SHA-256 of ASN.1 DER SEQUENCE {INTEGER number, OCTET STRING previous hash, OCTET STRING data hash},
 * as Fabric's protoutil.BlockHeaderHash.
 */
export function blockHashOf({ number, previousHash, dataHash }: AuditBlock): string {
  const hex = number.toString(16);
  const digits = hex.length % 2 === 0 ? hex : `0${hex}`;
  // DER integers are signed: a leading bit set needs a zero byte in front.
  const integer = Buffer.from(Number.parseInt(digits.slice(0, 2), 16) >= 0x80 ? `00${digits}` : digits, 'hex');
  const fields = [
    element(0x02, integer),
    element(0x04, Buffer.from(previousHash, 'hex')),
    element(0x04, Buffer.from(dataHash, 'hex')),
  ];
  return createHash('sha256')
    .update(element(0x30, Buffer.concat(fields)))
    .digest('hex');
}

/** All lengths here are below 128. */
function element(tag: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}
