// SPDX-License-Identifier: Apache-2.0

import { type LaneId } from '@gridpeg/protocol';
import { round } from './round';

/** What a relay had under way at the same time on one lane, by its own log. */
export interface CertificatesUnderWay {
  readonly count: number;
  /** The time to prove, certify and commit one. */
  readonly meanSeconds: number;
  /** The average number while any was under way. */
  readonly meanUnderWay: number;
  readonly mostUnderWay: number;
}

/** What a relay logs of each certificate that it delivered. */
interface DeliveryLine {
  readonly msg: string;
  readonly lane: string;
  readonly time: number;
  readonly tookMs: number;
}

/**
 * Reads a notary's log.
 *
 * @param lines - JSON, as the daemon writes them
 * @param sinceMs - Unix milliseconds: what ended before does not count
 */
export function certificatesUnderWay(lines: readonly string[], laneId: LaneId, sinceMs: number): CertificatesUnderWay {
  const certificates = lines
    .filter((line) => line.includes('"delivered"'))
    .map((line) => JSON.parse(line) as DeliveryLine)
    .filter(({ msg, lane, time }) => msg === 'delivered' && lane === laneId && time >= sinceMs);
  const ends = certificates
    .flatMap(({ time, tookMs }) => [
      { atMs: time - tookMs, change: 1 },
      { atMs: time, change: -1 },
    ])
    .sort((a, b) => a.atMs - b.atMs || a.change - b.change);
  let [underWay, mostUnderWay, busyMs, beforeMs] = [0, 0, 0, 0];
  for (const { atMs, change } of ends) {
    if (underWay > 0) busyMs += atMs - beforeMs;
    underWay += change;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    beforeMs = atMs;
  }
  const totalMs = certificates.reduce((sum, { tookMs }) => sum + tookMs, 0);
  return {
    count: certificates.length,
    meanSeconds: round(totalMs / 1000 / Math.max(1, certificates.length)),
    meanUnderWay: round(totalMs / Math.max(1, busyMs)),
    mostUnderWay,
  };
}
