#!/usr/bin/env node
// npm run bench [-- name …] [--runs N] [--json]: each figure beside its floor, measured in the same run.
import { parseArgs } from 'node:util';
import { executions } from '../benchmarks/executions.bench.mjs';
import { connect } from '../benchmarks/harness/client.mjs';
import { report } from '../benchmarks/harness/report.mjs';
import { startServer } from '../benchmarks/harness/server.mjs';
import { processes } from '../benchmarks/processes.bench.mjs';
import { transitions } from '../benchmarks/transition.bench.mjs';

const BENCHMARKS = [processes, executions, transitions];

const { values: flags, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '5' }, json: { type: 'boolean', default: false } },
});
const runs = Number(flags.runs);
const unknown = names.filter((name) => !BENCHMARKS.some((benchmark) => benchmark.name === name));
if (unknown.length > 0 || !Number.isSafeInteger(runs) || runs < 1) {
  process.stderr.write(
    `Usage: npm run bench [-- ${BENCHMARKS.map(({ name }) => name).join(' | ')}] [--runs N] [--json]\n`,
  );
  process.exit(2);
}

const chosen = BENCHMARKS.filter(({ name }) => names.length === 0 || names.includes(name));
const results = [];
for (const benchmark of chosen) {
  // Each benchmark gets a server and a database of its own: none runs on the other's history.
  const server = benchmark.needsServer ? await startServer() : undefined;
  try {
    const client = server && (await connect(server.url));
    results.push(...(await benchmark.run({ client, runs, server })));
  } finally {
    await server?.stop();
  }
}
report(results, { json: flags.json });
