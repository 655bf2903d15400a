import type { Properties } from '@lockstep/domain';
import { propertyOf } from '../property-record.js';
import { describeFailure, type SubstitutionFailure } from './substitution-failure.js';
import { parseTemplate, type TemplatePart } from './parse-template.js';

export interface SubstitutionLimits {
  /** Characters of one value with references in it. */
  readonly maxValueLength: number;
  /** Characters of all such values together. */
  readonly maxTotalLength: number;
}

export type Substituted = { readonly value: string } | { readonly error: string };

type Outcome = { readonly value: string } | { readonly failure: SubstitutionFailure };

/** Asks for the value of a key by yielding its name; ends with the expanded text, or with why there is none. */
type Expansion = Generator<string, Outcome, string>;

/**
 * Replaces every `${name}` in every value by the value of `name`, recursively, and says for each key how it went.
 *
 * Each key is expanded once, with an explicit stack instead of recursion, so the cost grows with the size of the input
 * and output however the values refer to each other, and a chain of 10,000 references is no deeper than one of ten.
 */
export function substituteReferences(
  raw: Properties,
  options: { readonly lenient: boolean; readonly limits: SubstitutionLimits },
): ReadonlyMap<string, Substituted> {
  const { lenient, limits } = options;
  const outcomes = new Map<string, Outcome>();
  const budget = { left: limits.maxTotalLength };
  const expand = (key: string): Expansion => expandValue({ key, raw, lenient, limits, budget });
  for (const key of Object.keys(raw)) {
    if (!outcomes.has(key)) expandWithDependencies(key, expand, outcomes);
  }
  return describeOutcomes(outcomes);
}

function expandWithDependencies(
  first: string,
  expand: (key: string) => Expansion,
  outcomes: Map<string, Outcome>,
): void {
  const waiting = new Map([[first, expand(first)]]);
  const stack = [first];
  let answer: Outcome = { value: '' };
  for (let key = stack.at(-1); key !== undefined; key = stack.at(-1)) {
    const step = advance(waiting.get(key), answer);
    if ('needs' in step) {
      const known = outcomes.get(step.needs);
      if (known === undefined && !waiting.has(step.needs)) {
        waiting.set(step.needs, expand(step.needs));
        stack.push(step.needs);
        answer = { value: '' };
      } else {
        // What waits for this very key closes a circle.
        answer = known !== undefined && 'value' in known ? known : through(step.needs);
      }
      continue;
    }
    outcomes.set(key, step);
    waiting.delete(key);
    stack.pop();
    answer = 'value' in step ? step : through(key);
  }
}

/** Hands the expansion what it asked for, unless that has failed: then it has failed too. */
function advance(expansion: Expansion | undefined, answer: Outcome): Outcome | { readonly needs: string } {
  if ('failure' in answer) return answer;
  const step = expansion?.next(answer.value);
  if (step === undefined) throw new Error('A key is expanded that nobody asked for.');
  return step.done ? step.value : { needs: step.value };
}

function through(key: string): Outcome {
  return { failure: { kind: 'through', key } };
}

interface ExpansionInput {
  readonly key: string;
  readonly raw: Properties;
  readonly lenient: boolean;
  readonly limits: SubstitutionLimits;
  /** Shared by all keys of one substitution. */
  readonly budget: { left: number };
}

function* expandValue(input: ExpansionInput): Expansion {
  const value = propertyOf(input.raw, input.key) ?? '';
  if (!value.includes('${')) return { value };
  return yield* expandParts(parseTemplate(value), input);
}

function* expandParts(parts: readonly TemplatePart[], input: ExpansionInput): Expansion {
  const texts: string[] = [];
  let length = 0;
  for (const part of parts) {
    const outcome = part.kind === 'text' ? { value: part.text } : yield* expandReference(part, input);
    if ('failure' in outcome) return outcome;
    texts.push(outcome.value);
    length += outcome.value.length;
    if (length > input.limits.maxValueLength) return tooLong(input.limits.maxValueLength, 'characters');
  }
  input.budget.left -= length;
  if (input.budget.left < 0) return tooLong(input.limits.maxTotalLength, 'characters in all properties together');
  return { value: texts.join('') };
}

function tooLong(limit: number, what: string): Outcome {
  return { failure: { kind: 'too-long', limit, what } };
}

function* expandReference(part: Exclude<TemplatePart, { kind: 'text' }>, input: ExpansionInput): Expansion {
  if (part.kind === 'reference') {
    if (propertyOf(input.raw, part.name) !== undefined) return { value: yield part.name };
    if (input.lenient) return { value: `\${${part.name}}` };
    return { failure: { kind: 'undefined', name: part.name } };
  }
  const name = yield* expandParts(part.name, input);
  if ('failure' in name) return name;
  if (propertyOf(input.raw, name.value) !== undefined) return { value: yield name.value };
  return { value: `\${${name.value}}` };
}

function describeOutcomes(outcomes: ReadonlyMap<string, Outcome>): ReadonlyMap<string, Substituted> {
  const failures = new Map<string, SubstitutionFailure>();
  for (const [key, outcome] of outcomes) if ('failure' in outcome) failures.set(key, outcome.failure);
  const described = new Map<string, Substituted>();
  for (const [key, outcome] of outcomes) {
    described.set(key, 'value' in outcome ? outcome : { error: describeFailure(key, failures) });
  }
  return described;
}
