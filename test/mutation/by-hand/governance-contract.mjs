// SPDX-License-Identifier: Apache-2.0
export const file = 'chaincode/peg/src/contract/governance-contract.ts';
export const tests = [
  'chaincode/peg/src/governance-contract.test.ts',
  'chaincode/peg/src/governance-proposals.test.ts',
  'chaincode/peg/src/earlier-governance.test.ts',
  'chaincode/peg/src/governance-in-flight.test.ts',
];
export const changes = [
  [
    `    await checkFirstHere(ctx, ledger, first);\n    const { account, mspId }`,
    `    const { account, mspId }`,
    'only a valid first configuration is approved',
  ],
  [
    `adminOf(ctx.stub, first.members)`,
    `adminOf(ctx.stub, [ctx.stub.getCreator().mspid as never])`,
    'who approves a first configuration is one of its members',
  ],
  [
    `    await checkFirstHere(ctx, ledger, first);\n    const hash`,
    `    const hash`,
    'only a valid first configuration is put in force',
  ],
  [
    `    checkApproved(await ledger.approvals(first, hash), first.members.length);\n`,
    ``,
    'a first configuration is approved',
  ],
  [`first.members.length);`, `majorityOf(first.members));`, 'a first configuration is approved by all'],
  [
    `const { account, mspId: organization } = adminOf(ctx.stub, view.configuration.members);`,
    `const { account, mspId: organization } = adminOf(ctx.stub, [ctx.stub.getCreator().mspid as never]);`,
    'who proposes is a member',
  ],
  [
    `    effectOf(proposal, view, { txId, timeMs });\n    await ledger.propose(proposal);`,
    `    await ledger.propose(proposal);`,
    'what is proposed is valid',
  ],
  [
    `    await ledger.consent(proposal, organization, { version: 1, proposalId: txId, account, timeMs });\n`,
    ``,
    'who proposes consents',
  ],
  [
    `    const { account, mspId } = adminOf(ctx.stub, view.configuration.members);`,
    `    const { account, mspId } = adminOf(ctx.stub, [ctx.stub.getCreator().mspid as never]);`,
    'who approves is a member',
  ],
  [`    checkLife(proposal, view.configuration, timeMs);\n`, ``, 'a proposal that has lapsed is not approved'],
  [
    `    effectOf(proposal, view, { txId, timeMs });\n    const before`,
    `    const before`,
    'a proposal that is stale is not approved',
  ],
  [`if (before === undefined) {`, `if (true as boolean) {`, 'a second consent does not put off'],
  [`[...members, proposal.organization]`, `members`, 'a member that is gone withdraws its proposal'],
  [
    `adminOf(ctx.stub, [...members, proposal.organization])`,
    `adminOf(ctx.stub, [ctx.stub.getCreator().mspid as never])`,
    'who withdraws is a member',
  ],
  [
    `if (mspId === proposal.organization) await ledger.close(proposal);`,
    `await ledger.close(proposal);`,
    'only its proposer ends a proposal',
  ],
  [`if (mspId === proposal.organization) await ledger.close(proposal);`, ``, 'the proposer ends a proposal'],
  [`    await ledger.takeBack(proposal, mspId);\n`, ``, 'a consent is taken back'],
  [
    `clientOf(ctx.stub);\n    const ledger = new GovernanceLedger(ctx.stub);\n    const proposal`,
    `const ledger = new GovernanceLedger(ctx.stub);\n    const proposal`,
    'a client executes',
  ],
  [
    `ledger.consents(proposal, view.configuration.members)`,
    `ledger.consents(proposal, [...view.configuration.members, 'RegulatorMSP' as never])`,
    'consents of members in force count',
  ],
  [
    `    await ledger.save(changes);\n    await ledger.close(proposal);\n`,
    `    await ledger.save(changes);\n`,
    'an execution ends the proposal',
  ],
  [
    `clientOf(ctx.stub);\n    const ledger = new GovernanceLedger(ctx.stub);\n    const configuration`,
    `const ledger = new GovernanceLedger(ctx.stub);\n    const configuration`,
    'a client hands a rotation in',
  ],
  [
    `      ...rotation.next.notaries.map(({ publicKey }) => publicKey),\n`,
    ``,
    'a rotation brings no suspended key back',
  ],
  [`      ...notaryKeysOf(configuration),\n`, ``, 'a suspension outlives a rotation on the ledger'],
  [
    `clientOf(ctx.stub);\n    const ledger = new GovernanceLedger(ctx.stub);\n    const ledgers`,
    `const ledger = new GovernanceLedger(ctx.stub);\n    const ledgers`,
    'a client hands evidence in',
  ],
  [
    `if (channelOf(first.chainId) !== ctx.stub.getChannelID()) {`,
    `if (false as boolean) {`,
    'a first configuration is of this channel',
  ],
  [
    `checkFirst(first, await ledger.configuration(),`,
    `checkFirst(first, undefined,`,
    'there is one first configuration',
  ],
  [`await organizationsOf(ctx.stub, first));`, `first.members);`, 'the peer says which organizations the channel has'],
  [`action.kind === 'set-lanes' ? action.lanes.map(({ laneId }) => laneId) : []`, `[]`, 'the status of lanes are read'],
  [
    `action.kind === 'set-assets' ? action.assets.map(({ asset }) => asset) : []`,
    `[]`,
    'the status of assets are read',
  ],
  [
    `'chains' in action ? action.chains.map(({ chainId }) => chainId) : []`,
    `[]`,
    'the replacements of committees are read',
  ],
  [
    `[...notaryKeysOf(configuration), ...keysIn(action)]`,
    `keysIn(action)`,
    'a suspension outlives a configuration and a replacement on the ledger',
  ],
  [`members.some((member) => !configuration.members.includes(member))`, `false`, 'a member of the channel may come in'],
  [
    `if (action.kind === 'configure') return notaryKeysOf(action.configuration);`,
    ``,
    'a configuration brings no suspended key back',
  ],
  [
    `if (action.kind === 'suspend-notary') return [action.publicKey];`,
    ``,
    'a key of no committee in force can be suspended',
  ],
  [
    `return action.notaries.map(({ publicKey }) => publicKey);`,
    `return [];`,
    'a replacement brings no suspended key back',
  ],
];
