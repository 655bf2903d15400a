import { evaluateExpressions, type ExpressionContext } from './expression/evaluate-expressions.js';
import { PropertyError } from './property-error.js';
import { flattenLayers, type PropertyLayer } from './property-layer.js';
import { emptyProperties } from './property-record.js';
import { substituteReferences, type SubstitutionLimits } from './substitution/substitute-references.js';

export interface ResolveOptions extends ExpressionContext {
  /** Lowest precedence first. */
  readonly layers: readonly PropertyLayer[];
  /** true: a reference to an undefined name stays as text instead of failing the job. Default false, as Azkaban. */
  readonly lenient?: boolean;
  readonly limits?: Partial<SubstitutionLimits>;
}

export interface PropertyProblem {
  readonly key: string;
  readonly error: string;
}

export type ResolvedProperties =
  | { readonly result: 'resolved'; readonly properties: Readonly<Record<string, string>> }
  /** `error` is the text of the first problem, in the order of the keys. */
  | { readonly result: 'failed'; readonly error: string; readonly problems: readonly PropertyProblem[] };

/** Enough for any script somebody writes into a property, and far from what a process can be handed. */
const DEFAULT_LIMITS: SubstitutionLimits = { maxValueLength: 2 ** 20, maxTotalLength: 2 ** 25 };

/**
 * What a job sees: the layers merged, every `${name}` replaced by the value of `name` in the merged set, then every
 * `$(expression)` by its result. As in Azkaban, one property that cannot be resolved fails the job, whether the job
 * reads it or not; the error texts are Azkaban's.
 */
export function resolveProperties(options: ResolveOptions): ResolvedProperties {
  const properties = emptyProperties();
  const problems: PropertyProblem[] = [];
  for (const [key, resolved] of resolveEach(options)) {
    if ('error' in resolved) problems.push({ key, error: resolved.error });
    else properties[key] = resolved.value;
  }
  const [first] = problems;
  return first === undefined ? { result: 'resolved', properties } : { result: 'failed', error: first.error, problems };
}

export type Resolved = { readonly value: string } | { readonly error: string };

/** Each key by itself: its value, or why it has none. Problems of references come before those of expressions. */
export function resolveEach(options: ResolveOptions): ReadonlyMap<string, Resolved> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const raw = flattenLayers(options.layers);
  const substituted = substituteReferences(raw, { lenient: options.lenient ?? false, limits });
  const failures: [string, Resolved][] = [];
  const rest: [string, Resolved][] = [];
  for (const key of Object.keys(raw)) {
    const outcome = substituted.get(key);
    if (outcome === undefined) continue;
    if ('error' in outcome) failures.push([key, outcome]);
    else rest.push([key, evaluate(outcome.value, { ...options, maxLength: limits.maxValueLength })]);
  }
  return new Map([...failures, ...rest]);
}

function evaluate(value: string, context: ExpressionContext & { readonly maxLength: number }): Resolved {
  if (!value.includes('$(')) return { value };
  try {
    return { value: evaluateExpressions(value, context) };
  } catch (error) {
    if (error instanceof PropertyError) return { error: error.message };
    throw error;
  }
}
