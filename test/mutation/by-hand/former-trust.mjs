// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/governance/former-trust.ts';
export const tests = [
  'chaincode/protocol/src/governance/former-trust.test.ts',
  'chaincode/peg/src/former-trust.test.ts',
];
export const changes = [
  [`if (requiresTimelock(next, previous)) return undefined;`, ``, 'a change that waits keeps nothing'],
  [`timeMs < untilMs`, `timeMs <= untilMs`, 'a record counts until its time and not longer'],
  [`timeMs < untilMs`, `true`, 'a record whose time is over counts no more'],
  [`timeMs + previous.delayMs + 2n`, `timeMs + 2n`, 'a record counts for the long delay'],
  [
    `timeMs + previous.delayMs + 2n`,
    `timeMs + previous.urgentDelayMs + 2n`,
    'a record counts for the long delay itself',
  ],
  [`timeMs + previous.delayMs + 2n`, `timeMs + previous.delayMs + 1n`, 'a record counts for both skews'],
  [`const unexpired = unexpiredTrust(known, timeMs);`, `const unexpired = known;`, 'a record that is over makes room'],
  [
    `unexpired.filter((former) => former.trust.chainId === trust.chainId)`,
    `unexpired`,
    'each chain has places of its own',
  ],
  [`!taken.includes(slot)`, `true`, 'a record that still counts is not overwritten'],
  [`free.slice(0, 1)`, `free.slice(-1)`, 'the lowest free place is taken'],
  [`free.slice(0, 1)`, `free`, 'one place is taken'],
  [`kept.length < changed.length ? undefined : kept`, `kept`, 'a change without room for its records waits'],
  [`slot, trust, untilMs`, `slot, trust: changed[0] ?? trust, untilMs`, 'each chain keeps its own record'],
  [`!texts.has(encode(trustRecordCodec, trust))`, `true`, 'a record that does not change is not kept'],
  [
    `!texts.has(encode(trustRecordCodec, trust))`,
    `trust.organizations.length > 0 && !texts.has(encode(trustRecordCodec, trust)) && texts.size > 9`,
    'a record that changes is kept',
  ],
];
