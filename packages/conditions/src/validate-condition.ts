import { parseReference, type FlowParameters } from './condition-reference.js';
import { macroOfWord } from './macros.js';

export interface ConditionToValidate {
  /** As written. */
  readonly text: string;
  /** The job that has the condition, as error texts name it. */
  readonly job: string;
  /** Jobs a `${job:param}` may name: those of the same flow or embedded flow (Flow 1.0: those read so far). */
  readonly nodeIds: Iterable<string>;
  /** Jobs that come after this one, directly or not; a condition must not use their outputs (Flow 2.0 only). */
  readonly descendantIds?: Iterable<string>;
  readonly format: 'flow1' | 'flow2';
  /** Default `allowed`. */
  readonly flowParameters?: FlowParameters;
}

/** The first error of a condition in Azkaban's words, or undefined when an upload accepts it. */
export function validateCondition(condition: ConditionToValidate): string | undefined {
  return conditionErrors(condition)[0];
}

/**
 * All errors of a condition, each text once, in the order in which Azkaban finds them.
 *
 * Like Azkaban's check this is not a real parse: blanks and brackets are removed, the rest is cut at the operators, and
 * every piece is looked at by itself. Brackets that do not match, `1 2` and blanks inside quotes are therefore not
 * noticed here (see `parseCondition`), while an operator inside quotes breaks the string in two and is an error.
 */
export function conditionErrors(condition: ConditionToValidate): readonly string[] {
  const known: KnownNodes = {
    nodes: new Set(condition.nodeIds),
    descendants: new Set(condition.format === 'flow2' ? condition.descendantIds : []),
  };
  const errors = new Set<string>();
  let foundMacro = false;
  for (const piece of piecesOf(condition.text)) {
    const operand = piece.startsWith('!') ? piece.slice(1) : piece;
    if (macroOfWord(operand) === undefined) {
      const error = operandError(operand, condition, known);
      if (error !== undefined) errors.add(error);
      continue;
    }
    if (foundMacro) {
      errors.add(`Invalid condition for ${condition.job}: cannot combine more than one conditionOnJobStatus macros.`);
    }
    foundMacro = true;
  }
  return [...errors];
}

/** The longer operators stand first, so that `>=` is not read as `>` and a stray `=`. */
function piecesOf(text: string): readonly string[] {
  return text.replace(/[\s()]+/g, '').split(/&&|\|\||==|!=|>=|<=|>|</);
}

interface KnownNodes {
  readonly nodes: ReadonlySet<string>;
  readonly descendants: ReadonlySet<string>;
}

/** Digits, or anything between two quotes of a kind. */
const LITERAL = /^(?:\d+|'.*'|".*")$/;

function operandError(operand: string, condition: ConditionToValidate, known: KnownNodes): string | undefined {
  const { job, format, flowParameters = 'allowed' } = condition;
  if (operand === '') {
    // "fo": Azkaban's own slip in Flow 1.0, and the text people search for.
    return `Invalid condition ${format === 'flow1' ? 'fo' : 'for'} ${job}: operand is an empty string.`;
  }
  if (LITERAL.test(operand)) return undefined;
  const reference = parseReference(operand, flowParameters);
  if (reference?.kind === 'parameter') return undefined;
  if (reference === undefined) {
    return `Invalid condition for ${job}: cannot resolve the condition. Please check the syntax for supported conditions.`;
  }
  if (!known.nodes.has(reference.job)) {
    return `Invalid condition for ${job}: ${reference.job} doesn't exist in the flow.`;
  }
  if (known.descendants.has(reference.job)) {
    return `Invalid condition for ${job}: should not define condition on its descendant node ${reference.job}.`;
  }
  return undefined;
}
