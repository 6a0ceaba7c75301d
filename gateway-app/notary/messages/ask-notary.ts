// SPDX-License-Identifier: Apache-2.0

import { z } from 'zod';
import { askOverTls } from './mutual-tls';

const maximumAnswerBytes = 1_048_576;

const healthSchema = z.object({
  mspId: z.string(),
  /** Whether it can sign, and the code of what keeps it from that. */
  signing: z.object({ well: z.boolean(), lastError: z.string().optional() }),
  relay: z.boolean(),
  chains: z.array(z.object({ name: z.string(), chainId: z.string(), sequence: z.int() })).readonly(),
  /** Channels of whose records it signs without a peer of its own to compare with. */
  proofOnly: z.array(z.string()).readonly().default([]),
  lanes: z
    .array(
      z.object({
        laneId: z.string(),
        rank: z.int(),
        inFlight: z.int(),
        lastRoundMs: z.number(),
        lastError: z.string(),
      }),
    )
    .readonly(),
});

/** The health that a notary reports. */
export type NotaryHealth = z.output<typeof healthSchema>;

/**
 * Asks a notary how it is.
 *
 * @param url - as `https://127.0.0.1:7310`
 * @param authorities - CA certificates of its organization, PEM
 * @throws Error when it does not answer within the time, or somebody else does
 */
export async function notaryHealth(
  url: string,
  authorities: readonly string[],
  timeoutMs: number,
): Promise<NotaryHealth> {
  const { status, body } = await askOverTls({
    ...{ url: new URL('/health', url), method: 'GET', tls: { authorities }, maximumAnswerBytes },
    signal: AbortSignal.timeout(timeoutMs),
  });
  // Both a notary that cannot sign, which says so, and one that is starting or overloaded answer with 503.
  if (status !== 200 && status !== 503) throw new Error(`status ${status}`);
  return healthSchema.parse(JSON.parse(body));
}

/**
 * Finds out whether the process of a notary serves requests.
 *
 * @param url - as `https://127.0.0.1:7310`
 * @param authorities - CA certificates of its organization, PEM
 * @throws Error when it does not answer within the time, or somebody else does
 */
export async function requireAlive(url: string, authorities: readonly string[], timeoutMs: number): Promise<void> {
  const { status } = await askOverTls({
    ...{ url: new URL('/healthz', url), method: 'GET', tls: { authorities }, maximumAnswerBytes },
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (status !== 200) throw new Error(`status ${status}`);
}
