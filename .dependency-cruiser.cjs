// SPDX-License-Identifier: Apache-2.0
// Which part may import which (ARCHITECTURE.md). Other workspaces are seen as their compiled entry, `x/dist/index.js`.

const protocol = '^chaincode/protocol/';
const fabricPackages = 'node_modules/(fabric-|@hyperledger/)';
const test = '[.]test[.]ts$';
const packages = '(^|/)node_modules/';

/** `from` may import, of what is ours, only `allowed`; test files beside the code too, and packages by other rules. */
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { pathNot: [packages, ...allowed], dependencyTypesNot: ['core'] },
});

/** `from` may not import `to`. */
const never = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to });

/**
 * One rule for each folder of a workspace: what of the workspace it may import besides itself, and why. A folder that
 * is not listed may be imported by none of them. Tests beside the code may use what the whole workspace has.
 */
const folders = (workspace, always, rules) =>
  Object.entries(rules).map(([folder, [allowed, comment]]) =>
    only(
      `${workspace}-${folder}`,
      `^${workspace}/${folder}/(?!.*[.]test[.]ts$)`,
      [`^${workspace}/(${[folder, ...allowed].join('|')})/`, ...always],
      comment,
    ),
  );

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    never(
      'no-cycles',
      {},
      { circular: true },
      'Modules that need each other can only be understood, tested and changed together.',
    ),
    never(
      'resolvable',
      // What it needs is installed when its test runs, and only then.
      { pathNot: '^test/legacy-client/' },
      { couldNotResolve: true },
      'An import that leads nowhere is not covered by any rule here. ' +
        '(Another workspace not compiled yet? `npm run build`.)',
    ),
    never(
      'declared-packages',
      // It runs the Jest, and with it the packages, of the repository.
      { pathNot: [test, '^test/mutation/'] },
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'] },
      'A package must be named in its own workspace: chaincode is packaged without what others happen to install.',
    ),
    never(
      'workspaces-by-entry',
      { pathNot: '^gateway-app/bin/' },
      { path: '^(chaincode/[^/]+|network|gateway-app|test)/dist/(?!(testing/)?index[.](js|d[.]ts)$)' },
      "A workspace is used through its index: what that doesn't export is free to change.",
    ),
    never(
      'workspaces-by-name',
      { path: '^(chaincode/[^/]+|network|gateway-app|test)/' },
      { path: '^(chaincode/[^/]+|network|gateway-app|test)/(?!dist/)', pathNot: ['^$1/', packages] },
      "A path into another workspace goes round its index, and doesn't exist in the packaged chaincode.",
    ),
    only(
      'protocol-alone',
      protocol,
      [protocol],
      'Both ends of a peg must agree on it, so it depends on nothing of either end.',
    ),
    never(
      'protocol-without-fabric',
      { path: protocol },
      { path: fabricPackages },
      'Its proof checks run in chaincode, in notaries and in auditors; ' +
        'it reads the few Fabric records it needs itself.',
    ),
    never(
      'protocol-pure',
      { path: protocol, pathNot: test },
      { dependencyTypes: ['core'], pathNot: '^(node:)?(buffer|crypto)$' },
      'Wire format and proof checks are functions of their arguments: no clock, no I/O.',
    ),
    only(
      'protocol-spv',
      '^chaincode/protocol/src/spv/(?!.*[.]test[.]ts$)',
      ['^chaincode/protocol/src/(spv|proof|records|x509|codec)/'],
      'A light client judges blocks alone: neither a committee nor its certificates, which carry what it proves.',
    ),
    only(
      'domain-imports-protocol',
      '^(chaincode/[^/]+)/src/domain/',
      ['^$1/src/domain/', protocol],
      'Decisions are pure functions over records: they know neither keys, bytes nor Fabric.',
    ),
    never(
      'domain-without-fabric',
      { path: '^chaincode/[^/]+/src/domain/' },
      { path: fabricPackages },
      'Decisions can then be tested, simulated and proved without a network.',
    ),
    never(
      'domain-pure',
      { path: '^chaincode/[^/]+/src/domain/', pathNot: test },
      { dependencyTypes: ['core'] },
      'Decisions do no I/O, and hashing is the business of protocol.',
    ),
    only(
      'ledger-imports-domain',
      '^(chaincode/[^/]+)/src/ledger/',
      ['^$1/src/(ledger|domain|shim)/', protocol, '^chaincode/peg/dist/'],
      'The ledger class knows keys and bytes, and no transactions.',
    ),
    only(
      'contract-imports-ledger',
      '^(chaincode/[^/]+)/src/contract/',
      ['^$1/src/(contract|ledger|domain)/', protocol, '^chaincode/peg/dist/'],
      'A transaction is parse, read, decide, write, reply, with the parts beneath it.',
    ),
    only(
      'peg-imports-protocol',
      '^chaincode/peg/',
      ['^chaincode/peg/', protocol],
      'The peg is written once, for every chaincode; it knows none of them.',
    ),
    only(
      'chaincodes-apart',
      '^chaincode/(city|microgrid|charging)/',
      ['^chaincode/($1|peg|protocol)/'],
      'The chains trust each other only by proofs; a chaincode that imports another would be deployed with it.',
    ),
    ...folders('network', [protocol], {
      runtime: [[], 'Files, locks, progress and errors: what every folder here may use knows nothing of Fabric.'],
      topology: [['runtime'], 'A topology is data; everything else follows from it.'],
      render: [['topology', 'runtime'], 'It knows what the network shall be, not how its nodes are run.'],
      drivers: [['runtime', 'render'], 'Drivers run any node that is described to them, and know no network.'],
      fabric: [['drivers', 'runtime'], "Fabric's programs, packages and ids are the same for every network."],
      state: [
        ['fabric', 'drivers', 'render', 'topology', 'runtime'],
        'The state folder is described in one place; nothing that acts on a network is needed to read it.',
      ],
      nodes: [['state', 'drivers', 'render', 'topology', 'runtime'], 'Control of nodes that the state folder names.'],
      certificates: [['nodes', 'state', 'drivers', 'render', 'runtime'], 'Enrolment and renewal need running CAs.'],
      chaincode: [
        ['nodes', 'state', 'fabric', 'drivers', 'render', 'topology', 'runtime'],
        'Deployment works on channels that exist, however they were made.',
      ],
      lifecycle: [
        ['certificates', 'chaincode', 'nodes', 'state', 'fabric', 'drivers', 'render', 'topology', 'runtime'],
        'Bringing up and taking down puts the parts together.',
      ],
      snapshot: [['nodes', 'state', 'drivers', 'topology', 'runtime'], 'An archive holds what the state folder holds.'],
      attach: [
        ['state', 'fabric', 'drivers', 'render', 'topology', 'runtime'],
        'A network that somebody else runs is only described, never started or stopped.',
      ],
      diagnosis: [
        ['certificates', 'nodes', 'state', 'fabric', 'drivers', 'topology', 'runtime'],
        'It looks at what the others made; none of them needs it.',
      ],
      testing: [
        ['chaincode', 'nodes', 'state', 'fabric', 'drivers', 'render'],
        'What tests of the whole need and the public entry does not offer.',
      ],
    }),
    only(
      'network-index',
      '^network/index[.]ts$',
      ['^network/', protocol],
      'The public entry; it runs any chaincode, which it gets as a folder, and does not know the application.',
    ),
    never(
      'render-pure',
      { path: '^network/render/', pathNot: test },
      { dependencyTypes: ['core'], pathNot: '^(node:)?(buffer|crypto|path|path/posix|zlib)$' },
      'A network is rendered by pure functions, which golden files check.',
    ),
    never(
      'drivers-spawn',
      {
        pathNot: [
          '^network/(drivers|fabric)/',
          '^gateway-app/notary/signing/pkcs11-key[.]ts$',
          '^chaincode/peg/src/testing/other-node[.]ts$',
          '^test/',
          test,
        ],
      },
      { path: '^(node:)?(child_process|cluster)$' },
      'Whatever starts a process must also find and stop it: the drivers (and the build of the Fabric ' +
        'commands) do. A PKCS#11 tool is waited for.',
    ),
    ...folders('gateway-app', [protocol, '^network/dist/', '^chaincode/peg/dist/testing/'], {
      errors: [['client'], 'All tables of codes have one home, which every other folder may ask.'],
      input: [['errors'], 'What users give is read, and refused, by the same rules for commands and the API.'],
      consortium: [
        ['audit', 'client', 'input', 'errors'],
        'The one session with a network: CLI, API, tests and benchmarks use it.',
      ],
      notary: [['client'], 'It signs and watches; who carries certificates, and who starts it, is not its business.'],
      relay: [
        ['notary', 'client'],
        'A relay needs no trust, and so nothing of a notary but its signature and its chains.',
      ],
      daemon: [
        ['relay', 'notary', 'client'],
        'The process of a notary: server, relay and watch, started and stopped together.',
      ],
      committee: [
        ['consortium', 'notary', 'input', 'errors'],
        'Keys, addresses and services of the notaries of one network.',
      ],
      governance: [
        ['committee', 'consortium', 'notary', 'client', 'input', 'errors'],
        'Configurations and proposals, for CLI and API.',
      ],
      transfers: [
        ['governance', 'committee', 'consortium', 'notary', 'client', 'input', 'errors'],
        'Notes and transfers: making, reading and explaining them, for CLI and API.',
      ],
      audit: [
        ['client', 'errors'],
        'Verdicts rest on blocks alone, so that any auditor can run it with a client only.',
      ],
      setup: [
        ['governance', 'committee', 'consortium', 'audit', 'client', 'input', 'errors'],
        'From nothing to a peg at work, for the command and the sample day.',
      ],
      doctor: [
        ['governance', 'committee', 'consortium', 'client', 'errors'],
        'It asks and judges; what is done about a finding is the business of its caller.',
      ],
      scenarios: [
        ['setup', 'consortium', 'audit', 'client', 'input', 'errors'],
        'A sample day is a user of the product, like any application.',
      ],
    }),
    only(
      'client-imports-protocol',
      '^gateway-app/client/',
      ['^gateway-app/client/', protocol],
      'The typed client is a library of its own: other applications use it without the notary.',
    ),
    only(
      'relay-core-imports-protocol',
      '^gateway-app/relay/core/(?!.*[.]test[.]ts$)',
      ['^gateway-app/relay/core/', protocol],
      'What a relay does next is a pure function of what it sees, so that it can be tested exhaustively.',
    ),
    never(
      'relay-core-pure',
      { path: '^gateway-app/relay/core/', pathNot: test },
      { path: [fabricPackages, 'node_modules/@grpc/'] },
      'The pure core sees records of the protocol only.',
    ),
    never(
      'relay-core-no-io',
      { path: '^gateway-app/relay/core/', pathNot: test },
      { dependencyTypes: ['core'], pathNot: '^(node:)?(buffer|crypto)$' },
      'The pure core neither reads clocks nor does I/O: time is part of its view.',
    ),
    only(
      'api-imports-client',
      '^gateway-app/api/',
      ['^gateway-app/(api|client)/', protocol],
      'The REST API is one more user of the typed client.',
    ),
    never(
      'dashboard-imports-types-of-api',
      { path: '^gateway-app/dashboard/' },
      {
        path: '^(chaincode|network|gateway-app|test)/',
        pathNot: ['^gateway-app/dashboard/', packages],
        dependencyTypesNot: ['type-only'],
      },
      'The dashboard is a page of the REST API: it shares its types, and no code.',
    ),
    never(
      'dashboard-imports-api',
      { path: '^gateway-app/dashboard/' },
      { path: '^(chaincode|network|gateway-app|test)/', pathNot: ['^gateway-app/(dashboard|api)/', packages] },
      'What the dashboard knows it knows from the REST API.',
    ),
    never(
      'nothing-imports-cli',
      { pathNot: '^gateway-app/(cli|bin)/' },
      { path: '^gateway-app/(cli|dist/cli)/' },
      'The command is the composition root: it puts the parts together, none of them knows it.',
    ),
    never('nothing-imports-scripts', { pathNot: '^scripts/' }, { path: '^scripts/' }, 'Scripts hold no product logic.'),
    never('nothing-imports-test', { pathNot: '^test/' }, { path: '^test/' }, 'The product works without its tests.'),
    never(
      'no-imports-of-test-files',
      {},
      { path: test },
      'A test file is run, not used; what tests share has a file of its own.',
    ),
    never(
      'legacy-client-apart',
      { pathNot: ['^test/legacy-client/', packages] },
      { path: ['^test/legacy-client/', 'node_modules/fabric-(network|common)/'] },
      'fabric-network 2 is unmaintained: it is there to see that applications on it still ' +
        'work, in a process of its own.',
    ),
    never(
      'tests-are-black-boxes',
      { path: '^test/' },
      { path: '^chaincode/(peg|city|microgrid|charging)/' },
      'Tests of the whole use the network and the application as users do, and no chaincode in their own process.',
    ),
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['types', 'import', 'require', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json'],
      mainFields: ['main', 'types'],
    },
  },
};
