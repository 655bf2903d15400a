const swc = [
  '@swc/jest',
  { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' }, sourceMaps: 'inline' },
];

const shared = {
  testEnvironment: 'node',
  // Workspaces are read from their sources: no build is needed before a test.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': swc },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['/dist/', '/.lockstep/'],
};

// One PostgreSQL for the whole run; a test file that needs a database clones its template.
const postgres = {
  globalSetup: '<rootDir>/packages/testing/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/packages/testing/jest/global-teardown.mjs',
};

export default {
  projects: [
    { ...shared, displayName: 'unit', testMatch: ['<rootDir>/{packages,apps}/*/src/**/*.test.ts'] },
    {
      ...shared,
      ...postgres,
      displayName: 'integration',
      testMatch: ['<rootDir>/{packages,apps}/*/src/**/*.itest.ts'],
    },
    { ...shared, ...postgres, displayName: 'end-to-end', testMatch: ['<rootDir>/tests/**/*.test.ts'] },
  ],
};
