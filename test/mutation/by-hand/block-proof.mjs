// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/protocol/src/spv/block-proof.ts';
export const tests = ['chaincode/protocol/src/spv/block-proof.test.ts'];
export const changes = [
  ['  checkSize(proof);\n', '', 'a proof is bounded'],
  ['  checkPlace(proof, header, followed, depth);\n', '', 'the block is in the chain'],
  ['  verifyBlockData(envelopes, header);\n', '', "the envelopes are the block's"],
  ['if (header.number > anchor.number) {', 'if (false as boolean) {', 'the block is not above its anchor'],
  [
    'const newest = anchor.number > head.number ? anchor.number : head.number;',
    'const newest = anchor.number;',
    'the head counts for the depth',
  ],
  [
    'const newest = anchor.number > head.number ? anchor.number : head.number;',
    'const newest = head.number;',
    'the anchor counts for the depth',
  ],
  ['if (found < depth) {', 'if (found < depth - 1n) {', 'a block is as deep as the lane asks'],
  [
    'last.number !== anchor.number || last.hash !== anchor.hash',
    'last.number !== anchor.number',
    'links lead to the anchor',
  ],
  ['  verifySignedHeader(signed, configuration, false);\n', '', 'the anchor is signed'],
  [
    'if (header.number === head.number && hash !== head.hash) {',
    'if (false as boolean) {',
    "the head's height has one header",
  ],
  ['if (index < next || envelope === undefined) {', 'if (envelope === undefined) {', 'places ascend'],
  [
    'minimumOrganizations: trust.minimumOrganizations,',
    'minimumOrganizations: 1,',
    'it takes as many organizations as the ledger says',
  ],
  [
    'revokedSerials: [...organization.revokedSerials, ...revokedIn(organization.mspId)],',
    'revokedSerials: organization.revokedSerials,',
    'whom the ledger revokes does not count',
  ],
  [
    'revokedSerials: [...organization.revokedSerials, ...revokedIn(organization.mspId)],',
    'revokedSerials: revokedIn(organization.mspId),',
    'whom the channel revokes does not count',
  ],
  [
    'const policy = endorsementPolicy(followed.configuration, trust);',
    'const policy = trust;',
    'endorsers are of the followed organizations',
  ],
  ['const followed = follow(rules.followed, proof.steps);', 'const followed = rules.followed;', 'steps are followed'],
];
