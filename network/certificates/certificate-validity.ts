// SPDX-License-Identifier: Apache-2.0

import { X509Certificate } from 'node:crypto';

/** The time in which a certificate is valid. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const dayMs = 86_400_000;
/** How many days before its end a certificate is renewed, by default. */
export const renewalDays = 30;

/** Reads the validity of a certificate; nothing if the text is no certificate. */
export function readValidity(pem: string): Validity | undefined {
  try {
    const { validFrom, validTo } = new X509Certificate(pem);
    return { notBefore: new Date(validFrom), notAfter: new Date(validTo) };
  } catch {
    return undefined;
  }
}

/**
 * Whether a certificate should be renewed: it ends within the window, and two thirds of its life are over. Without the
 * latter, certificates that live shorter than the window would be renewed by every `up`.
 *
 * @param windowDays - how many days before its end
 */
export function isDue({ notBefore, notAfter }: Validity, now: Date, windowDays = renewalDays): boolean {
  const left = notAfter.getTime() - now.getTime();
  const life = notAfter.getTime() - notBefore.getTime();
  return left <= Math.min(windowDays * dayMs, life / 3);
}

/** The verdict about a certificate. */
export type CertificateState = 'valid' | 'due' | 'expired';

/** Judges a certificate by a clock. */
export function judgeCertificate(validity: Validity, now: Date, windowDays = renewalDays): CertificateState {
  if (now.getTime() >= validity.notAfter.getTime()) return 'expired';
  return isDue(validity, now, windowDays) ? 'due' : 'valid';
}
