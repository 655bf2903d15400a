import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const EXAMPLES = join(ROOT, 'examples');
const GUIDES = join(ROOT, 'docs', 'guides');

/** `expected.json` of an example: what its guide says happens. */
export interface Expected {
  /** Programs without which the example cannot run. */
  readonly needs?: readonly string[];
  readonly runs: readonly ExpectedRun[];
  readonly explained?: readonly ExpectedExplanation[];
}

/** One submission of a flow, with others while it runs. */
export interface ExpectedRun extends ExpectedExecution {
  readonly title: string;
  /** Done one after the other once the execution has been submitted. */
  readonly steps?: readonly Step[];
  /** Submitted once the first job of the first execution runs, one after the other. They are numbered from 2. */
  readonly meanwhile?: readonly ExpectedExecution[];
  /** `["2/b", "1/a"]`: job b of execution 2 started after job a of execution 1 had ended. */
  readonly startsAfter?: readonly (readonly [later: string, earlier: string])[];
}

export interface ExpectedExecution {
  readonly flow: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** More of the request, in the words of `executeFlow`. */
  readonly options?: Readonly<Record<string, string>>;
  /** Instead of everything below: the submission is refused with this sentence. */
  readonly error?: string;
  readonly status?: string;
  /** Of every job, by nested id. */
  readonly jobs?: Readonly<Record<string, string>>;
  /** Attempts, where there was more than one. */
  readonly attempts?: Readonly<Record<string, number>>;
  /**
   * Lines that have to be in the log of a job's last attempt, without time and level; `…` stands for anything. The flow's
   * own log is `flow`.
   */
  readonly logs?: Readonly<Record<string, readonly string[]>>;
  /** Lines that must not be in it. */
  readonly logsWithout?: Readonly<Record<string, readonly string[]>>;
}

export type Step =
  | { readonly wait: Readonly<Record<string, string>> }
  | { readonly do: 'pauseFlow' | 'resumeFlow' | 'cancelFlow' | 'retryFailedJobs' }
  /** The worker that runs the execution is declared dead. */
  | { readonly do: 'loseWorker' };

/** What `explainJob` says before a run. */
export interface ExpectedExplanation {
  readonly flow: string;
  readonly job: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, string>>;
  readonly properties: Readonly<Record<string, object>>;
}

export interface Example {
  readonly name: string;
  readonly folder: string;
  /** Undefined: a test of its own plays it. */
  readonly expected: Expected | undefined;
  /** Plugins of job types it brings along. */
  readonly plugins: string | undefined;
}

export function allExamples(): readonly Example[] {
  return readdirSync(EXAMPLES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => exampleOf(name));
}

function exampleOf(name: string): Example {
  const folder = join(EXAMPLES, name);
  const file = join(folder, 'expected.json');
  const plugins = join(folder, 'plugins');
  return {
    name,
    folder,
    expected: existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Expected) : undefined,
    plugins: existsSync(plugins) ? plugins : undefined,
  };
}

export interface Guide {
  readonly path: string;
  readonly text: string;
  /** Examples it names. */
  readonly examples: readonly string[];
}

export function allGuides(): readonly Guide[] {
  return textsBelow(GUIDES, '.md').map(([path, text]) => ({
    path,
    text,
    examples: [...text.matchAll(/\bexamples\/([\w-]+)/g)].map(([, name = '']) => name),
  }));
}

/** Test files with their text. */
export function allTests(): readonly (readonly [path: string, text: string])[] {
  return textsBelow(join(ROOT, 'tests'), '.ts');
}

export function indexOfDocs(): string {
  return readFileSync(join(ROOT, 'docs', 'README.md'), 'utf8');
}

/** Relative links of the documentation to files that are not there, as `page -> target`. */
export function brokenLinks(): readonly string[] {
  const docs = join(ROOT, 'docs');
  return textsBelow(docs, '.md').flatMap(([page, text]) =>
    [...text.matchAll(/\]\((?![a-z]+:)([^)#\s]+)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(docs, page, '..', target)))
      .map((target) => `${page} -> ${target}`),
  );
}

function textsBelow(folder: string, ending: string): readonly (readonly [path: string, text: string])[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(ending))
    .map((path) => [path, readFileSync(join(folder, path), 'utf8')] as const);
}
