// SPDX-License-Identifier: Apache-2.0

/** One element of strict DER (ITU-T X.690): definite, minimal lengths. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
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
    elements.push({ tag: bytes.readUInt8(offset), content: bytes.subarray(start, end) });
    offset = end;
  }
  return elements;
}

function derLength(bytes: Buffer, offset: number): { start: number; end: number } {
  const first = bytes.readUInt8(offset);
  if (first < 0x80) return { start: offset + 1, end: offset + 1 + first };
  const size = first & 0x7f;
  // Throws for no bytes, which is the indefinite form, and for more than six.
  const length = bytes.readUIntBE(offset + 1, size);
  if (length < 0x80 || length < 2 ** (8 * (size - 1))) throw new Error('DER: length is not minimal');
  const start = offset + 1 + size;
  return { start, end: start + length };
}
