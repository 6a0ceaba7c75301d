// SPDX-License-Identifier: Apache-2.0

import { derElements, derFields, derUnsigned, type DerElement } from './der';
import { objectIdentifier } from './name';

/** What extensions say that is judged here. */
export interface ExtensionFacts {
  /**
   * Basic constraints (RFC 5280 section 4.2.1.9) say that it is a CA's, whatever the key usage: what Fabric's MSP
   * goes by.
   */
  readonly authority: boolean;
  /** Bits of the key usage (section 4.2.1.3); undefined when there is no such extension. */
  readonly keyUsage: { readonly digitalSignature: boolean; readonly keyCertSign: boolean } | undefined;
}

const basicConstraints = '551d13';
const keyUsage = '551d0f';
const derTrue = Buffer.from([0xff]);

/**
 * Reads extensions. What is not understood may be there unless it is critical.
 *
 * @param content - of the field [3]
 * @throws Error when one is there twice, is critical and unknown, or of another form than strict DER
 */
export function readExtensions(content: Buffer): ExtensionFacts {
  const [sequence] = derFields(content, [0x30]);
  const extensions = derElements(sequence.content).map(readExtension);
  const values = new Map(extensions.map(({ type, value }) => [type, value]));
  if (extensions.length === 0 || values.size !== extensions.length) throw new Error('X.509: extensions');
  const unknown = extensions.find(({ type, critical }) => critical && type !== basicConstraints && type !== keyUsage);
  if (unknown !== undefined) throw new Error('X.509: unknown critical extension');
  const constraints = values.get(basicConstraints);
  const usage = values.get(keyUsage);
  return {
    authority: constraints !== undefined && readBasicConstraints(constraints),
    keyUsage: usage === undefined ? undefined : readKeyUsage(usage),
  };
}

function readExtension({ tag, content }: DerElement): { type: string; critical: boolean; value: Buffer } {
  const elements = derElements(content);
  const [identifier, second, third] = elements;
  const value = elements.at(-1);
  if (tag !== 0x30 || identifier === undefined || value?.tag !== 0x04 || elements.length > 3) {
    throw new Error('X.509: extension');
  }
  const critical = third !== undefined;
  // FALSE is the default, which DER does not write.
  if (critical && !isTrue(second)) throw new Error('X.509: criticality of an extension');
  return { type: objectIdentifier(identifier), critical, value: value.content };
}

function isTrue(element: DerElement | undefined): boolean {
  return element?.tag === 0x01 && element.content.equals(derTrue);
}

/**
 * @returns whether it is a CA's; a path length may follow, and does not matter here, where a CA issues what is judged
 * itself
 */
function readBasicConstraints(value: Buffer): boolean {
  const [sequence] = derFields(value, [0x30]);
  const [authority, pathLength, extra] = derElements(sequence.content);
  if (authority === undefined) return false;
  if (!isTrue(authority) || extra !== undefined) throw new Error('X.509: basic constraints');
  if (pathLength !== undefined) {
    if (pathLength.tag !== 0x02 || pathLength.content.length > 4) throw new Error('X.509: path length');
    derUnsigned(pathLength.content);
  }
  return true;
}

/** A named bit list: one to nine bits, no zero bits at its end. */
function readKeyUsage(value: Buffer): ExtensionFacts['keyUsage'] {
  const [bits] = derFields(value, [0x03]);
  const [unused = 0, ...bytes] = bits.content;
  const last = bytes.at(-1) ?? 0;
  const isLowestBit = unused < 8 && (last & ((1 << (unused + 1)) - 1)) === 1 << unused;
  const [first = 0, second = 0, third] = bytes;
  if (!isLowestBit || third !== undefined || (second & 0x7f) !== 0) throw new Error('X.509: key usage');
  return { digitalSignature: (first & 0x80) !== 0, keyCertSign: (first & 0x04) !== 0 };
}
