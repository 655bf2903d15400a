import eslint from '@eslint/js';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const SOURCES = ['packages/*/src/**/*.{ts,tsx}', 'apps/*/src/**/*.{ts,tsx}'];
const TESTS = [
  '**/*.test.ts',
  '**/*.itest.ts',
  'tests/**',
  'benchmarks/**',
  'packages/testing/**',
  '**/src/{fakes,fixtures,testing}/**',
  '**/test-support/**',
];

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '**/coverage/', '.lockstep/', '**/*.d.ts'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [eslint.configs.recommended, tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      // One program of sources and tests together: the packages' own projects leave the tests out.
      parserOptions: { project: 'tsconfig.lint.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // Stores and services are objects of closures, so a function taken from one needs no `this`.
      '@typescript-eslint/unbound-method': 'off',
      // Says of an assertion that narrows `any` that it is not needed, where the next rule would then complain.
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      // An async function that awaits nothing is how a synchronous one implements a port.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['apps/web/**'],
    languageOptions: { parserOptions: { project: null, projectService: true } },
  },
  {
    files: SOURCES,
    ignores: TESTS,
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Export by name; the file is named after its main export.' },
        { selector: 'ExportAllDeclaration', message: 'Re-export by name, so that the public surface can be read.' },
      ],
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    ignores: TESTS,
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Settings come in as options; only apps/server/src/config reads the environment.',
        },
        { object: 'Date', property: 'now', message: 'Time comes in through the Clock port.' },
      ],
    },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [eslint.configs.recommended],
    languageOptions: {
      globals: globals.node,
    },
  },
);
