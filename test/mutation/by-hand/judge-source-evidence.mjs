// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/judge-source-evidence.ts';
export const tests = ['chaincode/peg/src/evidence-contract.test.ts'];
export const changes = [
  [`frozenBoth(concernedAmong(lanes, view), view, txId)`, `[]`, 'what a source answers freezes lanes'],
  [`record?.organizations ?? []`, `[]`, 'organizations that lied before are remembered'],
  [`liars.filter((name) => !before.includes(name))`, `liars`, 'an organization lies once about one packet'],
  [
    `record !== undefined && fresh.length === 0 ? undefined`,
    `fresh.length === 0 ? undefined`,
    'answers that nobody gave both freeze as well',
  ],
  [
    `record !== undefined && fresh.length === 0 ? undefined`,
    `(false as boolean) ? undefined`,
    'answers that bring nothing new change nothing',
  ],
  [`organizations: [...before, ...fresh]`, `organizations: fresh`, 'organizations that lied before are kept'],
  [`hasServed(key, signed) ?`, `(true as boolean) ?`, 'keys of the committee of that epoch are accused'],
  [`if (served.length === 0) throw`, `if (false as boolean) throw`, 'an absence about strangers is refused'],
  [`record?.publicKeys ?? []`, `[]`, 'keys that were accused before are remembered'],
  [`state === 'trusted' && !before`, `!before`, 'a key that is suspended already brings nothing new'],
  [`state === 'trusted' && !before.includes(publicKey)`, `state === 'trusted'`, 'a key is accused once of one packet'],
  [`  if (accused.length === 0) return undefined;\n`, ``, 'an absence that brings nothing new changes nothing'],
  [`publicKeys: [...before, ...accused`, `publicKeys: [...accused`, 'keys that were accused before are kept'],
  [
    `\n      .filter(({ mspId }) => witnesses.includes(mspId))`,
    ``,
    'a key ends only by the word of its own organization',
  ],
  [
    `.filter(({ mspId }) => witnesses.includes(mspId))`,
    `.slice(0, 0)`,
    'a key ends by the word of its own organization',
  ],
];
