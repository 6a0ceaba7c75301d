// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/domain/governance/configuration-rules.ts';
export const tests = [
  'chaincode/peg/src/domain/governance/configuration-rules.test.ts',
  'chaincode/peg/src/domain/governance/configure.test.ts',
];
export const changes = [
  ['id.startsWith(`${own}/`)', 'id.startsWith(own)', 'an asset is at home on this chain'],
  ['  unique(issuers, `assets.${id}.issuers`);\n', '', 'an issuer is named once'],
  [`issuers.every((issuer) => members.includes(mspOf(issuer)))`, `true`, 'issuers are accounts of members'],
  [
    `window.quantity >= BigInt(window.shards)`,
    `window.quantity >= BigInt(window.shards) - 1n`,
    'an issuing window has something for each shard',
  ],
  [
    '  unique(\n    organizations.map(({ mspId }) => mspId),\n    `${field}.organizations`,\n  );\n',
    '',
    'an organization is trusted once',
  ],
  [`expect(!isOther,`, `expect(true,`, 'no other role endorses'],
  [`peerUnit.toLowerCase()`, `peerUnit`, 'no other role endorses, in whatever letters'],
  [
    '  checkAuthorities(organizations, `${field}.organizations.caCertificates`);\n',
    '',
    'CA certificates are looked at',
  ],
  [
    `Math.min(organizations.length, limits.endorsements)`,
    `organizations.length`,
    'no more organizations are asked for than a proof holds',
  ],
  [
    `Math.min(organizations.length, limits.endorsements)`,
    `limits.endorsements`,
    'no more organizations are asked for than there are',
  ],
  [`minimumOrganizations >= 2 &&`, `minimumOrganizations >= 1 &&`, 'two organizations endorse at least'],
  [`if (fault !== undefined) expect(false`, `if (false as boolean) expect(false`, 'a committee is a quorum'],
  [
    `if (before === undefined) checkNewCommittee(trust, suspended, field);`,
    `if (before === undefined) return;`,
    'a committee that comes in is looked at',
  ],
  [`  else checkKeptCommittee(trust, before, field);\n`, ``, 'a committee in force is kept'],
  [`caCertificates.every(isCaCertificate)`, `true`, 'CA certificates are those of CAs'],
  [`(owners.get(key) ?? mspId) === mspId`, `true`, 'a CA vouches for one organization'],
  [
    `readCertificate(certificate).subjectPublicKeyInfo.toString('base64')`,
    `certificate`,
    'a CA is known by its key, not by its certificate',
  ],
  [
    `(owners.get(key) ?? mspId) === mspId`,
    `owners.get(key) === undefined`,
    'an organization may renew a CA certificate',
  ],
  [
    `committee.notaries.every(({ publicKey }) => !suspended.has(publicKey))`,
    `true`,
    'a new committee has no suspended key',
  ],
  [
    `committee.epoch <= limits.firstEpoch`,
    `committee.epoch <= limits.firstEpoch + 1`,
    'the epoch of a new committee leaves room',
  ],
  [`expect(known || used,`, `expect(true,`, 'a chain that comes in is an end of a lane'],
  [`chainId === next.chainId || previous`, `previous`, 'the chain itself needs no lane'],
  [
    `previous?.chains.some((chain) => chain.chainId === chainId) === true`,
    `false`,
    'a chain that was there needs no lane',
  ],
  [
    `committeeHashOf(before) === committeeHashOf(committee)`,
    `before.epoch === committee.epoch`,
    'a committee changes by rotation or replacement only',
  ],
  [`  checkEnds(lane, next, field);\n`, ``, 'the ends of a lane are looked at'],
  [`expect(!isNew || !rival, field`, `expect(true, field`, 'a lane that comes in is the only one in its direction'],
  [`expect(!isNew || !rival, field`, `expect(!rival, field`, 'lanes from before that rule stay'],
  ['  unique(lane.assets, `${field}.assets`);\n', '', 'a lane names an asset once'],
  [`expect(known, `, `expect(true, `, 'a lane carries assets that there are'],
  [
    `lane.maximumQuantity <= quantity / BigInt(shards)`,
    `lane.maximumQuantity <= quantity`,
    'a packet fits into a shard',
  ],
  [`ends[0] !== ends[1] && ends`, `ends`, 'a lane has two ends'],
  [`ends[0] !== ends[1] && ends.includes(next.chainId)`, `ends[0] !== ends[1]`, 'a lane starts or ends here'],
  [`ends.every((end) => next.chains.some(({ chainId }) => chainId === end)),`, `true,`, 'both ends are trusted'],
  [`back?.returnLaneId === lane.id &&`, `back !== undefined &&`, 'a return lane names the lane'],
  [`back.sourceChainId === lane.destinationChainId &&`, ``, 'a return lane starts where the lane ends'],
  [` &&\n    back.destinationChainId === lane.sourceChainId;`, `;`, 'a return lane ends where the lane starts'],
  [`a.sourceChainId === b.sourceChainId && a.`, `a.`, 'lanes of other sources are no rivals'],
  [
    `a.sourceChainId === b.sourceChainId && a.destinationChainId === b.destinationChainId`,
    `a.sourceChainId === b.sourceChainId`,
    'lanes to other destinations are no rivals',
  ],
  [`new Set(values).size === values.length`, `true`, 'what is named twice is noticed'],
];
