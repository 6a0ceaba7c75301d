// SPDX-License-Identifier: Apache-2.0

/**
 * Whether tests try everything that they can, as `npm run test:long` has them do. Otherwise what repeats itself is
 * tried as often as a run of a quarter of an hour allows.
 */
// eslint-disable-next-line no-restricted-properties -- whoever runs the tests decides, and Jest hands on no options
export const isExhaustive = process.env['GRIDPEG_EXHAUSTIVE'] === '1';
