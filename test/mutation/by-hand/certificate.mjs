// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/custody/certificate-digest.ts';
export const tests = [
  'chaincode/protocol/src/custody/certificate.test.ts',
  'chaincode/protocol/src/custody/certificate-vectors.test.ts',
];
export const changes = [
  [`if (epoch !== trust.committee.epoch) throw`, `if (epoch < 0) throw`, 'a certificate is of the epoch in force'],
  [
    `if (epoch !== trust.committee.epoch) throw`,
    `if (epoch < trust.committee.epoch) throw`,
    'a certificate is of no later epoch',
  ],
  [`outline.destinationChainId, outline.laneId`, `outline.laneId`, 'a digest binds the destination'],
  [`outline.laneId, outline.kind`, `outline.kind`, 'a digest binds the lane'],
  [`outline.kind, outlineRootOf(outline)]`, `outline.kind]`, 'a digest binds the entries'],
  [
    `outline.entryHashes.length, sourceConfiguration, epoch]`,
    `outline.entryHashes.length, epoch]`,
    'a digest binds the trust record',
  ],
  [`sourceConfiguration, epoch]`, `sourceConfiguration]`, 'a digest binds the epoch'],
  [`'gridpeg/v2/certificate', form.mode, ...fields`, `'gridpeg/v2/certificate', ...fields`, 'digest 2 binds the mode'],
  [`form.digestVersion === 1`, `(false as boolean)`, 'digest 1 stays what it was'],
];
