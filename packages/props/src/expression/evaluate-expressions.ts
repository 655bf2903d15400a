import { PropertyError } from '../property-error.js';
import { evaluateNode } from './evaluate-node.js';
import { ExpressionError } from './expression-error.js';
import { textOf } from './expression-value.js';
import { createJavaClasses } from './java/java-classes.js';
import { parseExpression } from './parse-expression.js';

/** What expressions can ask about the world. */
export interface ExpressionContext {
  /** Epoch milliseconds: what `new("org.joda.time.DateTime")` gives. */
  readonly now: number;
  /** IANA id of the zone in which dates are calculated and written, e.g. `Europe/Berlin`. */
  readonly timeZone: string;
}

/** A result may contain expressions again, so a value could keep this busy for ever. */
const MAX_EVALUATIONS = 1_000;

/**
 * Replaces every `$(expression)` in a value by its result, the last one first, so that of nested ones the inner comes
 * first. The language is the useful part of Apache JEXL 2, which Azkaban evaluates here: integers, decimals, strings,
 * booleans, arithmetic, comparison, logic, `?:`, methods of strings, and the Java classes of `java-classes.ts`.
 *
 * A null result (`$(date)`: a name nobody has defined) ends the work and leaves the value as it then is.
 *
 * @throws PropertyError with Azkaban's text when brackets do not match or an expression cannot be evaluated.
 */
export function evaluateExpressions(
  value: string,
  context: ExpressionContext & { readonly maxLength: number },
): string {
  const classes = createJavaClasses(context);
  let text = value;
  let start = text.lastIndexOf('$(');
  for (let evaluations = 0; start !== -1; evaluations++) {
    const end = closingBracket(text, start + 2);
    if (end === undefined) throw new PropertyError(`Expression ${text} not well formed.`);
    if (evaluations === MAX_EVALUATIONS) {
      throw new PropertyError(`Expression ${text} not well formed. It has more than ${MAX_EVALUATIONS} expressions.`);
    }
    const result = evaluate(text.slice(start + 2, end), text, { classes, maxLength: context.maxLength });
    if (result === undefined) return text;
    text = text.slice(0, start) + result + text.slice(end + 1);
    // The result itself may begin with an expression; what stands behind it has been dealt with.
    start = text.lastIndexOf('$(', start);
  }
  return text;
}

/** Every bracket counts, also one in a quoted string: that is how Azkaban finds the end. */
function closingBracket(text: string, from: number): number | undefined {
  let open = 1;
  for (let index = from; index < text.length; index++) {
    if (text[index] === '(') open++;
    if (text[index] === ')') open--;
    if (open === 0) return index;
  }
  return undefined;
}

function evaluate(expression: string, value: string, context: Parameters<typeof evaluateNode>[1]): string | undefined {
  try {
    const node = parseExpression(expression);
    const result = node === undefined ? undefined : evaluateNode(node, context);
    return result === undefined ? undefined : textOf(result);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new PropertyError(`Expression ${value} not well formed. ${error.message}`, { cause: error });
  }
}
