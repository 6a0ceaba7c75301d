// SPDX-License-Identifier: Apache-2.0

import { longestSleepMs, ResyncSchedule } from './resync-schedule';

describe('when a relay reads the ledgers again', () => {
  const resynced = (inFlight: number, tookMs = 0): ResyncSchedule => {
    const schedule = new ResyncSchedule();
    schedule.started();
    schedule.succeeded(0, tookMs, inFlight);
    return schedule;
  };

  test('at once after the start, and not while a resync is under way', () => {
    const schedule = new ResyncSchedule();
    expect(schedule.waitMs(0)).toBe(0);
    schedule.started();
    expect(schedule.waitMs(0)).toBe(Infinity);
  });

  test('more often while packets are in flight', () => {
    expect(resynced(1).waitMs(0)).toBe(2_000);
    expect(resynced(0).waitMs(0)).toBe(longestSleepMs);
  });

  test('soon after an event, and at once when one is requested', () => {
    const schedule = resynced(0);
    schedule.expectSoon(1_000);
    expect(schedule.waitMs(1_000)).toBe(2_000);
    schedule.expectSoon(2_000);
    expect(schedule.waitMs(2_000)).toBe(1_000);
    schedule.request();
    expect(schedule.waitMs(2_000)).toBe(0);
  });

  test('what is requested during a resync gets another one', () => {
    const schedule = new ResyncSchedule();
    schedule.started();
    schedule.request();
    schedule.succeeded(0, 0, 0);
    expect(schedule.waitMs(0)).toBe(0);
  });

  test('T34: a resync that took long is followed by a rest of three times as long, whoever asks', () => {
    const schedule = resynced(1, 10_000);
    schedule.request();
    expect(schedule.waitMs(10_000)).toBe(30_000);
    expect(schedule.waitMs(40_000)).toBe(0);
  });

  test('after a failure when its back-off is over; failures in a row are counted', () => {
    const schedule = resynced(0);
    schedule.failed(0, 700);
    expect([schedule.waitMs(0), schedule.failures]).toEqual([700, 1]);
    schedule.failed(700, 1_400);
    expect([schedule.waitMs(700), schedule.failures]).toEqual([1_400, 2]);
    schedule.succeeded(2_100, 2_100, 0);
    expect(schedule.failures).toBe(0);
  });
});
