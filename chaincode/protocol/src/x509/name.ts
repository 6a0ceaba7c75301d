// SPDX-License-Identifier: Apache-2.0

import { derElements, type DerElement } from './der';

/** One attribute of a distinguished name (RFC 5280 section 4.1.2.4). */
export interface NameAttribute {
  /** Content of the object identifier, in hex. */
  readonly type: string;
  readonly value: string;
}

export const attributeTypes = { commonName: '550403', organizationalUnit: '55040b' } as const;
/** Attributes whose standards ask for IA5String: emailAddress (RFC 2985) and domainComponent (RFC 4519). */
const ia5Types: readonly string[] = ['2a864886f70d010901', '0992268993f22c640119'];

const printable = /^[A-Za-z0-9 '()+,./:=?-]*$/;
/** IA5String is exactly these characters. */
const ascii = /^[\0-\x7f]*$/;

/**
 * Reads a Name. Fabric's tools and OpenSSL write PrintableString and UTF8String; libraries disagree about other
 * string types, so that
 * a name which has one is refused.
 *
 * @param content - of the SEQUENCE
 * @returns all attributes in order, those that share a relative distinguished name included
 * @throws Error when it is not strict DER of that form
 */
export function readName(content: Buffer): readonly NameAttribute[] {
  return derElements(content).flatMap((set) => {
    const attributes = derElements(set.content);
    if (set.tag !== 0x31 || attributes.length === 0 || !isSorted(attributes)) throw new Error('X.509: name');
    return attributes.map(readAttribute);
  });
}

/** DER writes the members of a set in the order of their bytes, each once. */
function isSorted(elements: readonly DerElement[]): boolean {
  return elements.every(({ bytes }, index) => {
    const previous = elements[index - 1];
    return previous === undefined || Buffer.compare(previous.bytes, bytes) < 0;
  });
}

function readAttribute({ tag, content }: DerElement): NameAttribute {
  const [identifier, string, extra] = derElements(content);
  if (tag !== 0x30 || identifier === undefined || string === undefined || extra !== undefined) {
    throw new Error('X.509: attribute of a name');
  }
  const type = objectIdentifier(identifier);
  return { type, value: readString(string, type) };
}

function readString({ tag, content }: DerElement, type: string): string {
  const text = content.toString('utf8');
  const isString =
    (tag === 0x0c && Buffer.from(text, 'utf8').equals(content)) ||
    (tag === 0x13 && printable.test(text)) ||
    (tag === 0x16 && ascii.test(text) && ia5Types.includes(type));
  if (isString) return text;
  throw new Error('X.509: string of a name');
}

/**
 * @returns the content in hex
 * @throws Error unless each arc is written in as few bytes as possible
 */
export function objectIdentifier({ tag, content }: DerElement): string {
  const startsArc = (index: number): boolean => index === 0 || content.readUInt8(index - 1) < 0x80;
  const isMinimal = content.every((byte, index) => byte !== 0x80 || !startsArc(index));
  if (tag !== 0x06 || content.length === 0 || content.readUInt8(content.length - 1) >= 0x80 || !isMinimal) {
    throw new Error('X.509: object identifier');
  }
  return content.toString('hex');
}
