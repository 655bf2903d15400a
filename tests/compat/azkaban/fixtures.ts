import { it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The shared fixtures lie beside the repository; without them the tests that need them are skipped. */
export const FIXTURES = fileURLToPath(new URL('../../../../shared/fixtures/azkaban', import.meta.url));

export interface Expected {
  readonly cases: readonly LoadingCase[];
  readonly scenarios: readonly Scenario[];
  readonly conditions: readonly Scenario[];
  readonly precedence: readonly Precedence[];
}

/** What Azkaban makes of a project that is uploaded. */
export interface LoadingCase {
  readonly kind: 'flow1' | 'flow2';
  readonly path: string;
  readonly expect: {
    /** By flow id; `embedded`: part of another flow, listed nowhere. */
    readonly flows: Readonly<
      Record<string, { readonly nodes: number; readonly edges: number; readonly embedded?: boolean }>
    >;
    readonly errors: readonly ExpectedMessage[];
    readonly warnings: readonly ExpectedMessage[];
  };
}

export interface ExpectedMessage {
  readonly exact?: string;
  readonly prefix?: string;
}

export interface Scenario {
  readonly name: string;
  readonly path: string;
  readonly flow: string;
  readonly graph?: { readonly nodes: readonly string[]; readonly edges: readonly (readonly [string, string])[] };
  readonly options?: ScenarioOptions;
  /** Pipelined pairs: options of each of the two executions. */
  readonly executions?: Readonly<Record<string, { readonly options: ScenarioOptions }>>;
  readonly script: readonly Step[];
  readonly expectStatuses?: Statuses | Readonly<Record<string, Statuses>>;
  readonly expectFlowStatus?: string | Readonly<Record<string, string>>;
  readonly expectAttempts?: Readonly<Record<string, number>>;
}

export type Statuses = Readonly<Record<string, string>>;

export interface ScenarioOptions {
  readonly failureAction?: string;
  readonly disabled?: readonly string[];
  readonly flowParams?: Readonly<Record<string, string>>;
  readonly runtimeProperties?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly failureEmails?: readonly string[];
  readonly pipelineLevel?: number;
  readonly pipelineExecution?: string;
  readonly project?: string;
}

export interface Step {
  readonly do?: 'start' | 'kill' | 'pause' | 'resume' | 'retryFailures' | 'succeed' | 'fail';
  readonly node?: string;
  readonly output?: Readonly<Record<string, string>>;
  readonly early?: boolean;
  readonly execution?: string;
  readonly expect?: Statuses;
  readonly expectFlow?: string;
  readonly expectInputProps?: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
  readonly expectOutputProps?: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
}

export interface Precedence {
  readonly name: string;
  readonly path: string;
  readonly flow: string;
  readonly options: ScenarioOptions;
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly expectInputProps: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
}

/** The expectations, or undefined where the shared fixtures are not there. */
export function loadExpected(): Expected | undefined {
  const path = join(FIXTURES, 'expected.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Expected) : undefined;
}

/** Stands for the tests that cannot be without the fixtures; its title says why. */
export function skipWithoutFixtures(): void {
  it.skip('needs shared/fixtures/azkaban beside the repository', () => undefined);
}
