// SPDX-License-Identifier: Apache-2.0
import eslint from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const tests = ['**/*.test.ts'];

/** What must give the same answer on every peer, today and in a replay. */
const deterministic = [
  'chaincode/protocol/src/**/*.ts',
  'chaincode/*/src/domain/**/*.ts',
  'chaincode/*/src/ledger/**/*.ts',
  'chaincode/*/src/shim/state-messages.ts',
];
const withoutFabric = ['chaincode/protocol/src/**/*.ts', 'chaincode/*/src/domain/**/*.ts'];

const everyPeer = 'peers that endorse one proposal must compute the same bytes';

const clockAndTimers = [
  ['Date', `use the transaction timestamp: ${everyPeer}`],
  ['performance', `use the transaction timestamp: ${everyPeer}`],
  ...[
    'setTimeout',
    'setInterval',
    'setImmediate',
    'queueMicrotask',
    'clearTimeout',
    'clearInterval',
    'clearImmediate',
  ].map((name) => [name, `no timers: a transaction runs to its end, and ${everyPeer}`]),
  ['Intl', `locale data differs by machine: ${everyPeer}`],
  ['process', `the environment differs by machine: ${everyPeer}`],
  ['crypto', `a source of random values: ${everyPeer}`],
  ['fetch', `no I/O: ${everyPeer}`],
  ['WebSocket', `no I/O: ${everyPeer}`],
  ['globalThis', 'a way round the other bans'],
].map(([name, message]) => ({ name, message }));

const processEnv = {
  object: 'process',
  property: 'env',
  message: 'Only gateway-app/cli reads the environment, and hands on what others need (docs: ARCHITECTURE.md).',
};
const keyDetails = {
  property: 'asymmetricKeyDetails',
  message: 'Node ends the process when it is asked for those of a hostile key (T41): use isP256 or curveOfPublicKey.',
};
const mathRandom = { object: 'Math', property: 'random', message: `No random values: ${everyPeer}.` };

const localeMethods = {
  selector: 'MemberExpression[property.name=/^(toLocale\\w+|localeCompare)$/]',
  message: `Locale data differs by machine: ${everyPeer}. Compare code units or bytes.`,
};

const environmentImport = {
  regex: '^(node:)?process$',
  importNames: ['env', 'default'],
  message: 'Only gateway-app/cli reads the environment: use the global `process` for the rest.',
};
const outsideWorld = {
  regex:
    '^(node:)?(child_process|cluster|dgram|diagnostics_channel|dns|fs|http|http2|https|inspector|net|os|perf_hooks|process|readline|repl|timers|tls|v8|vm|worker_threads)(/.*)?$',
  message: `No files, network, processes, clocks or timers: ${everyPeer}.`,
};
const randomness = {
  regex: '^(node:)?crypto$',
  importNames: ['default', 'randomBytes', 'randomFill', 'randomFillSync', 'randomInt', 'randomUUID', 'webcrypto']
    .concat([
      'generateKey',
      'generateKeySync',
      'generateKeyPair',
      'generateKeyPairSync',
      'generatePrime',
      'generatePrimeSync',
    ])
    .concat(['getRandomValues']),
  message: `No random values: ${everyPeer}. Import by name what is needed.`,
};
const fabric = {
  regex: '^(fabric-|@hyperledger/)',
  message: 'Decisions and wire format stay free of Fabric, so that they can be read, tested and reused without it.',
};
const fabricBeyondTypes = {
  regex: '^fabric-shim(-api)?$',
  allowTypeImports: true,
  message: 'The ledger only needs the type of the stub that it is given.',
};
const fabricElse = {
  regex: '^(fabric-(?!shim(-api)?$)|@hyperledger/)',
  message: 'Only the contract classes know Fabric; the ledger is given a stub.',
};

const unended =
  ':matches(Literal[value!=/[.]$/], TemplateLiteral:not(:has(> TemplateElement[tail=true][value.raw=/^$|[.]$/])))';
/** `summary. remedy` is the message of an error, so its remedy consists of whole sentences. */
const unendedRemedy = {
  selector: ['NewExpression[callee.name=/^(Network|Command|Day)Error$/] > #.arguments:nth-child(3)']
    .concat('Property[key.name="remedy"] > #.value')
    .flatMap((remedy) => [
      remedy.replace('#', unended),
      `${remedy.replace('#', 'BinaryExpression')} > ${unended}.right`,
    ])
    .join(),
  message: 'A remedy ends in a full stop.',
};

const restrictedImports = (...patterns) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns }] });

export default defineConfig(
  {
    ignores: [
      '**/dist/',
      '**/node_modules/',
      'chaincode/*/bundle/',
      'gateway-app/bundle/',
      '.gridpeg/',
      'coverage/',
      'test/mutation/.stryker/',
      'test/mutation/reports/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  eslint.configs.recommended,
  {
    files: ['**/*.{js,cjs,mjs}'],
    rules: { complexity: ['error', 10], 'prefer-const': 'error', eqeqeq: 'error' },
    languageOptions: {
      globals: Object.fromEntries(
        [
          'Buffer',
          'clearInterval',
          'clearTimeout',
          'console',
          'performance',
          'process',
          'setInterval',
          'setTimeout',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['**/*.{js,cjs}'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { __dirname: 'readonly', module: 'writable', require: 'readonly' },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      complexity: ['error', 10],
      eqeqeq: 'error',
      'max-lines': ['error', 350],
      'no-console': 'error',
      'no-restricted-properties': ['error', processEnv, keyDetails],
      ...restrictedImports(environmentImport),
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A new custody mode or packet kind must not compile, or at least not pass, until every decision knows it.
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['network/**/*.ts', 'gateway-app/**/*.ts'],
    // Findings of `doctor` are no errors: their remedies are printed with a full stop.
    ignores: ['network/diagnosis/**', 'gateway-app/doctor/**', ...tests],
    rules: { 'no-restricted-syntax': ['error', unendedRemedy] },
  },
  {
    files: deterministic,
    rules: {
      'no-restricted-globals': ['error', ...clockAndTimers],
      'no-restricted-properties': ['error', processEnv, keyDetails, mathRandom],
      'no-restricted-syntax': ['error', localeMethods],
      '@typescript-eslint/require-array-sort-compare': ['error', { ignoreStringArrays: true }],
    },
  },
  {
    files: ['chaincode/*/src/ledger/**/*.ts', 'chaincode/*/src/shim/state-messages.ts'],
    rules: restrictedImports(outsideWorld, randomness, fabricBeyondTypes, fabricElse),
  },
  { files: withoutFabric, rules: restrictedImports(outsideWorld, randomness, fabric) },
  {
    files: tests,
    rules: {
      // Tests read vectors from files and make keys; what they test still can't.
      ...restrictedImports(environmentImport),
      // A test that indexes past its fixture fails anyway, and matchers take methods unbound.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    // The composition root of the product; and tools, which are none of the product.
    files: ['gateway-app/cli/**/*.ts'],
    rules: {
      'no-restricted-properties': 'off',
      '@typescript-eslint/no-restricted-imports': 'off',
      'no-console': 'off',
    },
  },
);
