// SPDX-License-Identifier: Apache-2.0

/** One element of strict DER (ITU-T X.690): definite, minimal lengths. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
  /** The whole element: tag, length and content. */
  readonly bytes: Buffer;
}

/**
 * Splits bytes into DER elements.
 *
 * @throws Error when a length is indefinite, not minimal, or runs past the end
 */
export function derElements(bytes: Buffer): readonly DerElement[] {
  const elements: DerElement[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const { start, end } = derLength(bytes, offset + 1);
    if (end > bytes.length) throw new Error('DER: length runs past the end');
    elements.push({
      tag: bytes.readUInt8(offset),
      content: bytes.subarray(start, end),
      bytes: bytes.subarray(offset, end),
    });
    offset = end;
  }
  return elements;
}

/** One element for each tag. */
export type DerFields<Tags extends readonly number[]> = { readonly [K in keyof Tags]: DerElement };

/**
 * Splits bytes into exactly these elements.
 *
 * @param tags - one for each element, in order
 * @throws Error when the bytes hold other elements, or more of them
 */
export function derFields<const Tags extends readonly number[]>(bytes: Buffer, tags: Tags): DerFields<Tags> {
  const found = derElements(bytes);
  if (found.map(({ tag }) => tag).join() !== tags.join()) throw new Error('DER: other elements than expected');
  return found as DerFields<Tags>;
}

/**
 * The value of an INTEGER's content.
 *
 * @throws Error when it is negative, or not written in as few bytes as possible
 */
export function derUnsigned(content: Buffer): bigint {
  const [first, second] = content;
  if (first === undefined || first >= 0x80) throw new Error('DER: negative or empty integer');
  if (first === 0 && second !== undefined && second < 0x80) throw new Error('DER: integer is not minimal');
  return BigInt(`0x${content.toString('hex')}`);
}

function derLength(bytes: Buffer, offset: number): { start: number; end: number } {
  const first = bytes[offset];
  if (first === undefined) throw new Error('DER: no length');
  if (first < 0x80) return { start: offset + 1, end: offset + 1 + first };
  const size = first & 0x7f;
  const start = offset + 1 + size;
  // No bytes are the indefinite form. Nothing that is read here is longer than four bytes can say.
  if (size === 0 || size > 4 || start > bytes.length) throw new Error('DER: length');
  const length = bytes.readUIntBE(offset + 1, size);
  if (length < 0x80 || length < 2 ** (8 * (size - 1))) throw new Error('DER: length is not minimal');
  return { start, end: start + length };
}
