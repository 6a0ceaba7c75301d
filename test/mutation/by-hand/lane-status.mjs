// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/packets/lane-status.ts';
export const tests = ['chaincode/peg/src/domain/packets/lane-status.test.ts'];
export const changes = [
  [
    `if (state === 'frozen') return`,
    `if (state === 'frozen' && step === 'send') return`,
    'a frozen lane receives and settles nothing',
  ],
  [
    `if (state === 'frozen') return`,
    `if (state === 'frozen' && step !== 'send') return`,
    'a frozen lane sends nothing',
  ],
  [
    `state === 'paused' && step !== 'settle'`,
    `state === 'paused' && step === 'send'`,
    'a paused lane receives nothing',
  ],
  [
    `state === 'paused' && step !== 'settle'`,
    `state === 'paused' && step === 'receive'`,
    'a paused lane sends nothing',
  ],
  [`state === 'paused' && step !== 'settle'`, `state === 'paused'`, 'a paused lane settles'],
  [`status?.state ?? 'open'`, `status?.state ?? 'paused'`, 'a lane is open unless its status says otherwise'],
  [`  if (refusal !== undefined) throw new Refused(refusal);\n`, ``, 'what a lane does not let through is refused'],
];
