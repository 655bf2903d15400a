import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { median, summary } from './statistics.mjs';

/**
 * @typedef {object} Result
 * @property {string} name what was measured
 * @property {string} unit
 * @property {number[]} values one for each run
 * @property {{ name: string, values: number[] }} [floor] measured beside it, in the same runs
 * @property {number} [aim] greatest ratio to the floor
 * @property {string} [note]
 */

/** Prints a Markdown table; with `--json` one JSON document instead. @param {Result[]} results */
export function report(results, { json }) {
  if (json) {
    process.stdout.write(`${JSON.stringify({ machine: machine(), results: results.map(withRatio) }, undefined, 2)}\n`);
    return;
  }
  const lines = [
    `${machineLine()}`,
    '',
    '| figure | median (min-max) | floor | ratio | aim |',
    '| --- | --- | --- | --- | --- |',
  ];
  for (const result of results.map(withRatio)) {
    const floor = result.floor ? `${result.floor.name}: ${summary(result.floor.values)}` : '';
    const ratio = result.ratio === undefined ? '' : `${result.ratio.toFixed(2)}x`;
    const aim = result.aim === undefined ? '' : `<= ${result.aim}x ${result.ratio <= result.aim ? 'met' : 'MISSED'}`;
    lines.push(`| ${result.name} [${result.unit}] | ${summary(result.values)} | ${floor} | ${ratio} | ${aim} |`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** The ratio of the medians; runs are paired, so noise of the machine hits both sides alike. */
function withRatio(result) {
  return result.floor ? { ...result, ratio: median(result.values) / median(result.floor.values) } : result;
}

function machine() {
  return {
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    commit: commit(),
  };
}

function machineLine() {
  const { cpu, cores, memoryGiB, kernel, node, commit: revision } = machine();
  return `Machine: ${cores} cores (${cpu}), ${memoryGiB} GiB, Linux ${kernel}, Node ${node}, commit ${revision}.`;
}

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
