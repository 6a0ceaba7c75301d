// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/notes/issue.ts';
export const tests = ['chaincode/peg/src/domain/notes/issue.test.ts'];
export const changes = [
  [
    'if (!asset.id.startsWith(`${channelOf(transaction.chainId)}/`)) {',
    'if (false as boolean) {',
    'an asset is issued at home',
  ],
  [
    'asset.id.startsWith(`${channelOf(transaction.chainId)}/`)',
    'asset.id.startsWith(channelOf(transaction.chainId))',
    'the home of an asset is a whole name',
  ],
  [`if (!asset.issuers.includes(transaction.caller)) throw`, `if (false as boolean) throw`, 'an issuer issues'],
  [
    `!asset.issuers.includes(transaction.caller)`,
    `!asset.issuers.some((issuer) => issuer.split('/')[0] === transaction.caller.split('/')[0])`,
    'an issuer is an account, not an organization',
  ],
  [`if (status?.state === 'paused') throw`, `if (false as boolean) throw`, 'a paused asset is not issued'],
  [`if (refusal !== undefined) throw new Refused(refusal);`, ``, 'a recipient can exist'],
  [
    `for (const { recipient } of request.outputs) {`,
    `for (const { recipient } of request.outputs.slice(0, 1)) {`,
    'every recipient can exist',
  ],
  [`  if (quantity > limits.quantity)\n`, `  if (false as boolean)\n`, 'what is issued has a greatest quantity'],
  [
    `supply: [{ version: 1, kind: 'issued', asset: asset.id, quantity, account: transaction.caller }],`,
    `supply: [],`,
    'what is issued is recorded',
  ],
  [`assetUsages: [usageAfter(quantity, view, transaction)],`, `assetUsages: [],`, 'what is issued is counted'],
  [`if (quantity > share) throw`, `if (false as boolean) throw`, 'what never fits is told apart'],
  [`if (used + quantity > share) {`, `if (false as boolean) {`, 'a window of issuing ends'],
  [
    `if (used + quantity > share) {`,
    `if (used + quantity > asset.window.quantity) {`,
    'each shard has its part of the window',
  ],
  [`const used = current?.used ?? 0n;`, `const used = 0n;`, 'what a shard has issued is counted'],
  [`currentUsage(usage, startMs)`, `usage`, 'a window begins anew'],
  [`startMs: current?.startMs ?? startMs, used`, `startMs, used`, 'a transaction dated back gains nothing'],
  [`used: used + quantity };`, `used: quantity };`, 'what is issued is added'],
  [`share > used ? share - used : 0n`, `share - used`, 'nothing less than nothing is available'],
];
