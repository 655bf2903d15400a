import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { play } from './play/play.js';
import { type Profile, scenarios } from './random/scenario.js';

// Both can be set to repeat a failing run, or to search longer.
const seed = Number(process.env['LOCKSTEP_TEST_SEED'] ?? Math.floor(Math.random() * 0x7fffffff));
const factor = Number(process.env['LOCKSTEP_TEST_FACTOR'] ?? 1);

process.stdout.write(`Random executions use LOCKSTEP_TEST_SEED=${seed}\n`);

const ENDS = { end: 14, fire: 3 };
const FAILING = ['succeeded', 'succeeded', 'succeeded', 'failed', 'failed'] as const;

const PROFILES: Readonly<Record<string, Profile & { readonly cases: number }>> = {
  'plain graphs that fail and succeed': {
    cases: 2_500,
    nodes: 8,
    nesting: 0,
    weights: ENDS,
    results: FAILING,
  },
  'embedded flows on three levels': {
    cases: 2_500,
    nodes: 6,
    nesting: 3,
    weights: ENDS,
    results: FAILING,
  },
  'failures while the execution is paused': {
    cases: 2_500,
    nodes: 5,
    nesting: 1,
    weights: { end: 10, fire: 2, pause: 5, resume: 2 },
    results: ['succeeded', 'failed'],
  },
  'retries by hand': {
    cases: 2_500,
    nodes: 6,
    nesting: 1,
    weights: { ...ENDS, 'retry-failed': 4 },
    results: ['succeeded', 'failed'],
  },
  'pauses, kills and retries by hand at any moment': {
    cases: 2_500,
    nodes: 6,
    nesting: 2,
    weights: { ...ENDS, pause: 3, resume: 2, cancel: 1, 'retry-failed': 3 },
    results: FAILING,
  },
  'jobs killed by SLA, lost workers, duplicates and stale events': {
    cases: 2_500,
    nodes: 6,
    nesting: 2,
    weights: { ...ENDS, lose: 3, duplicate: 3, stale: 3, pause: 2, resume: 2, cancel: 1, 'retry-failed': 2 },
    results: [...FAILING, 'killed-by-sla', 'killed-by-sla'],
  },
  'executions pipelined behind another one': {
    cases: 1_000,
    nodes: 6,
    nesting: 2,
    weights: { ...ENDS, upstream: 8, pause: 1, resume: 1, cancel: 1, 'retry-failed': 1 },
    results: FAILING,
    pipelined: true,
  },
};

describe('the engine does what the rules say, whatever happens', () => {
  it.each(Object.entries(PROFILES))(
    '%s',
    (_name, { cases, ...profile }) => {
      const property = fc.property(scenarios(profile), play);
      fc.assert(property, { seed, numRuns: Math.ceil(cases * factor), includeErrorInReport: true });
    },
    300_000,
  );
});
