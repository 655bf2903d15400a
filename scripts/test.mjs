// What `npm test` runs: the checks of `npm run lint` and all Jest projects. The last line is the sum, `N passed, N failed`.
// Arguments go to Jest: npm test -- --selectProjects unit
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkNode } from './setup/check-node.mjs';
import { build } from './setup/ensure-built.mjs';
import { ensureInstalled } from './setup/ensure-installed.mjs';
import { run } from './setup/run.mjs';

const LINTERS = [
  ['lint (eslint)', 'eslint/bin/eslint.js', ['.']],
  ['layout (prettier)', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']],
  [
    'imports (dependency-cruiser)',
    'dependency-cruiser/bin/dependency-cruise.mjs',
    ['--config', '.dependency-cruiser.cjs', 'packages', 'apps'],
  ],
  ['unused code (knip)', 'knip/bin/knip.js', []],
];

const root = new URL('..', import.meta.url);
checkNode(root);
await ensureInstalled(root);
const sums = [await runChecks(), await runJest(process.argv.slice(2))];
const passed = sums.reduce((sum, part) => sum + part.passed, 0);
const failed = sums.reduce((sum, part) => sum + part.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

async function runChecks() {
  // The build is needed by the tests that start the product, and remembered: they must not all build it at once.
  const results = [report('types (tsc)', await build(root))];
  for (const [name, script, args] of LINTERS) {
    const result = await run(root, process.execPath, [`node_modules/${script}`, ...args], { output: 'capture' });
    results.push(report(name, result));
  }
  const passed = results.filter(Boolean).length;
  return { passed, failed: results.length - passed };
}

function report(name, { code, printed }) {
  console.error(code === 0 ? `PASS ${name}` : `FAIL ${name}\n${printed.trimEnd()}\n`);
  return code === 0;
}

async function runJest(args) {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
  const outputFile = join(folder, 'jest.json');
  try {
    const { code } = await run(root, process.execPath, [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
      '--json',
      `--outputFile=${outputFile}`,
      ...args,
    ]);
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(outputFile, 'utf8'));
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    // Jest can fail without a failed test, for example in its global set-up.
    return { passed: numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed };
  } catch (error) {
    console.error(`Jest ended without a result: ${error.message}`);
    return { passed: 0, failed: 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
