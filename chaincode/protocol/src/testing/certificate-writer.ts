// SPDX-License-Identifier: Apache-2.0

import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { encodePem } from '../x509';

/**
 * Issues X.509 certificates for tests (RFC 5280); node:crypto only reads them. Names, keys and times are fixed, so
 * tests repeat.
 */

const curves = {
  'P-256': { hash: 'sha256', oid: '06082a8648ce3d030107' },
  'P-384': { hash: 'sha384', oid: '06052b81040022' },
} as const;
export type Curve = keyof typeof curves;

/** A private key that is the hash of its name: worth nothing outside tests. */
export function keyNamed(name: string, curve: Curve = 'P-256'): KeyObject {
  const { hash, oid } = curves[curve];
  const scalar = createHash(hash).update(name).digest();
  const parameters = der(0xa0, Buffer.from(oid, 'hex'));
  return createPrivateKey({
    key: der(0x30, der(0x02, Buffer.from([1])), der(0x04, scalar), parameters),
    format: 'der',
    type: 'sec1',
  });
}

const publicKeys = new WeakMap<KeyObject, string>();

/** The public key of a private one, as committees name it. */
export function publicKeyOf(key: KeyObject): string {
  const known = publicKeys.get(key) ?? createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
  publicKeys.set(key, known);
  return known;
}

/** Bits of the key usage extension (RFC 5280 section 4.2.1.3), as its one byte. */
export const keyUsages = { digitalSignature: 0x80, keyCertSign: 0x04 } as const;

export interface CertificatePlan {
  readonly issuer: string;
  readonly issuerUnits?: readonly string[];
  readonly issuerKey: KeyObject;
  readonly commonNames: readonly string[];
  readonly units: readonly string[];
  readonly key: KeyObject;
  /** Hex, an even number of digits. */
  readonly serial: string;
  /** UTCTime, `YYMMDDhhmmssZ`. */
  readonly notAfter: string;
  readonly authority: boolean;
  /** Undefined: no such extension. */
  readonly keyUsage: number | undefined;
  /** Instead of the two above: identifier and value in hex. */
  readonly extensions?: readonly (readonly [string, string])[];
}

/** DER of the parts of a certificate, in order; an edit changes them before they are signed. */
export interface CertificateParts {
  version: Buffer;
  serial: Buffer;
  algorithm: Buffer;
  issuer: Buffer;
  validity: Buffer;
  subject: Buffer;
  key: Buffer;
  /** The field [3], empty when there is none. */
  extensions: Buffer;
  /** What lies outside of what is signed. */
  outerAlgorithm: Buffer;
}

const ecdsaWithSha256 = Buffer.from('300a06082a8648ce3d040302', 'hex');

/** @returns PEM with a newline at its end */
export function issueCertificate(plan: CertificatePlan, edit?: (parts: CertificateParts) => void): string {
  const extensions = extensionsOf(plan);
  const parts: CertificateParts = {
    version: der(0xa0, der(0x02, Buffer.from([2]))),
    serial: der(0x02, unsigned(Buffer.from(plan.serial, 'hex'))),
    algorithm: ecdsaWithSha256,
    issuer: nameOf([plan.issuer], plan.issuerUnits ?? []),
    validity: der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from(plan.notAfter))),
    subject: nameOf(plan.commonNames, plan.units),
    key: createPublicKey(plan.key).export({ format: 'der', type: 'spki' }),
    extensions: extensions.length > 0 ? der(0xa3, der(0x30, ...extensions)) : Buffer.alloc(0),
    outerAlgorithm: ecdsaWithSha256,
  };
  edit?.(parts);
  const { outerAlgorithm, ...fields } = parts;
  const body = der(0x30, ...Object.values(fields));
  const hash = fields.algorithm.equals(ecdsaWithSha256) ? 'sha256' : 'sha384';
  const signature = der(0x03, Buffer.from([0]), sign(hash, body, plan.issuerKey));
  return encodePem(der(0x30, body, outerAlgorithm, signature));
}

/**
 * A revocation list (RFC 5280 section 5) of an authority, in DER.
 *
 * @param serials - hex, an even number of digits
 */
export function revocationList(
  { caName, caKey }: { readonly caName: string; readonly caKey: KeyObject },
  serials: readonly string[],
): Buffer {
  const time = der(0x17, Buffer.from('200101000000Z'));
  const revoked = serials.map((serial) => der(0x30, der(0x02, unsigned(Buffer.from(serial, 'hex'))), time));
  const list = revoked.length > 0 ? [der(0x30, ...revoked)] : [];
  const version = der(0x02, Buffer.from([1]));
  const body = der(0x30, version, ecdsaWithSha256, nameOf([caName], []), time, ...list);
  return der(0x30, body, ecdsaWithSha256, der(0x03, Buffer.from([0]), sign('sha256', body, caKey)));
}

function extensionsOf({ authority, keyUsage, extensions }: CertificatePlan): Buffer[] {
  if (extensions !== undefined)
    return extensions.map(([id, value]) => extension(id, der(0x04, Buffer.from(value, 'hex'))));
  const truth = der(0x01, Buffer.from([0xff]));
  const constraints = extension('551d13', truth, der(0x04, der(0x30, ...(authority ? [truth] : []))));
  if (keyUsage === undefined) return [constraints];
  const bits = der(0x03, Buffer.from([trailingZeros(keyUsage), keyUsage]));
  return [constraints, extension('551d0f', truth, der(0x04, bits))];
}

function extension(id: string, ...criticalAndValue: readonly Buffer[]): Buffer {
  return der(0x30, der(0x06, Buffer.from(id, 'hex')), ...criticalAndValue);
}

function trailingZeros(byte: number): number {
  return byte === 0 ? 0 : 31 - Math.clz32(byte & -byte);
}

function nameOf(commonNames: readonly string[], units: readonly string[]): Buffer {
  const all = [...units.map((unit) => attribute('55040b', unit)), ...commonNames.map((n) => attribute('550403', n))];
  return der(0x30, ...all.map((one) => der(0x31, one)));
}

/** One attribute of a name. `tag` is its string type, by default UTF8String. */
export function attribute(id: string, value: string | Buffer, tag = 0x0c): Buffer {
  return der(0x30, der(0x06, Buffer.from(id, 'hex')), der(tag, typeof value === 'string' ? Buffer.from(value) : value));
}

function unsigned(bytes: Buffer): Buffer {
  return bytes.readUInt8(0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}

/** One element of DER. */
export function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
