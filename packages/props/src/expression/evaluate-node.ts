import { add, calculate, equal, isTrue, negate, ordered } from './arithmetic.js';
import { ExpressionError, unknownMethod } from './expression-error.js';
import type { BinaryOperator, ExpressionNode } from './expression-node.js';
import { describeValue, integerOf, isJavaObject, textOf, type ExpressionValue } from './expression-value.js';
import type { JavaClasses } from './java/java-classes.js';
import { callStringMethod } from './java/string-methods.js';

export interface EvaluationContext {
  readonly classes: JavaClasses;
  /** Characters a text may grow to. */
  readonly maxLength: number;
}

/** Far above any use, far below what would keep a worker busy. */
const LARGEST_INTEGER = 10n ** 1000n;

type NodeOf<Kind extends ExpressionNode['kind']> = Extract<ExpressionNode, { readonly kind: Kind }>;

/** The value of an expression; undefined for null. Names are never defined, so a bare name is null. */
export function evaluateNode(node: ExpressionNode, context: EvaluationContext): ExpressionValue {
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'variable':
      return undefined;
    case 'not':
      return !isTrue(evaluateNode(node.operand, context));
    case 'negative':
      return negate(evaluateNode(node.operand, context));
    case 'binary':
      return bounded(evaluateBinary(node, context), context);
    case 'ternary':
      return evaluateNode(isTrue(evaluateNode(node.condition, context)) ? node.then : node.otherwise, context);
    case 'elvis':
      return evaluateElvis(node, context);
    case 'property':
      return evaluateProperty(node, context);
    case 'index':
      return evaluateIndex(node, context);
    case 'call':
      return bounded(evaluateCall(node, context), context);
    case 'function':
      return evaluateFunction(node, context);
  }
}

const OPERATIONS: Readonly<
  Record<Exclude<BinaryOperator, '&&' | '||'>, (left: ExpressionValue, right: ExpressionValue) => ExpressionValue>
> = {
  '+': add,
  '-': (left, right) => calculate('-', left, right),
  '*': (left, right) => calculate('*', left, right),
  '/': (left, right) => calculate('/', left, right),
  '%': (left, right) => calculate('%', left, right),
  '==': equal,
  '!=': (left, right) => !equal(left, right),
  '<': (left, right) => ordered('<', left, right),
  '>': (left, right) => ordered('>', left, right),
  '<=': (left, right) => ordered('<=', left, right),
  '>=': (left, right) => ordered('>=', left, right),
};

function evaluateBinary(node: NodeOf<'binary'>, context: EvaluationContext): ExpressionValue {
  const left = evaluateNode(node.left, context);
  if (node.operator === '&&') return isTrue(left) && isTrue(evaluateNode(node.right, context));
  if (node.operator === '||') return isTrue(left) || isTrue(evaluateNode(node.right, context));
  return OPERATIONS[node.operator](left, evaluateNode(node.right, context));
}

function evaluateElvis(node: NodeOf<'elvis'>, context: EvaluationContext): ExpressionValue {
  const value = evaluateNode(node.value, context);
  return isTrue(value) ? value : evaluateNode(node.otherwise, context);
}

/** A static field of a known class, or the getter of an object: `date.year` is `date.getYear()`. */
function evaluateProperty(node: NodeOf<'property'>, context: EvaluationContext): ExpressionValue {
  const field = staticMember(node.object, node.name, context);
  if (field !== undefined) return field();
  const object = evaluateNode(node.object, context);
  if (Array.isArray(object) && node.name === 'length') return BigInt(object.length);
  const getter = isJavaObject(object) ? object.methods.get(getterName(node.name)) : undefined;
  if (getter !== undefined) return getter();
  if (object === undefined) return undefined;
  throw new ExpressionError(`${describeValue(object)} has no property "${node.name}".`);
}

function getterName(property: string): string {
  return `get${property.charAt(0).toUpperCase()}${property.slice(1)}`;
}

function evaluateIndex(node: NodeOf<'index'>, context: EvaluationContext): ExpressionValue {
  const object = evaluateNode(node.object, context);
  const index = evaluateNode(node.index, context);
  if (object === undefined) return undefined;
  if (!Array.isArray(object)) throw new ExpressionError(`${describeValue(object)} is not a list.`);
  const position = integerOf(index, 'An index');
  if (position < 0 || position >= object.length) {
    throw new ExpressionError(`There is no item ${position} in ${textOf(object)}.`);
  }
  return (object as readonly ExpressionValue[])[position];
}

function evaluateCall(node: NodeOf<'call'>, context: EvaluationContext): ExpressionValue {
  const args = node.args.map((argument) => evaluateNode(argument, context));
  const method = staticMember(node.object, node.method, context);
  if (method !== undefined) return method(...args);
  const object = evaluateNode(node.object, context);
  if (object === undefined) return undefined;
  if (isJavaObject(object)) {
    const found = object.methods.get(node.method);
    if (found !== undefined) return found(...args);
    throw new ExpressionError(unknownMethod(object.className, node.method, [...object.methods.keys()]));
  }
  if (Array.isArray(object)) {
    if (node.method === 'size') return BigInt(object.length);
    throw new ExpressionError(unknownMethod('a list', node.method, ['size']));
  }
  return callStringMethod(textOf(object), node.method, args, context.maxLength);
}

function staticMember(
  object: ExpressionNode,
  name: string,
  context: EvaluationContext,
): ((...args: readonly ExpressionValue[]) => ExpressionValue) | undefined {
  const className = dottedName(object);
  return className === undefined ? undefined : context.classes.statics.get(`${className}.${name}`);
}

function dottedName(node: ExpressionNode): string | undefined {
  if (node.kind === 'variable') return node.name;
  if (node.kind !== 'property') return undefined;
  const outer = dottedName(node.object);
  return outer === undefined ? undefined : `${outer}.${node.name}`;
}

function evaluateFunction(node: NodeOf<'function'>, context: EvaluationContext): ExpressionValue {
  const args = node.args.map((argument) => evaluateNode(argument, context));
  const [first] = args;
  switch (node.name) {
    case 'new':
      return context.classes.construct(textOf(first), args.slice(1));
    case 'empty':
      return first === undefined || first === '' || (Array.isArray(first) && first.length === 0);
    case 'size':
      return BigInt(Array.isArray(first) ? first.length : textOf(first).length);
    default:
      // A function nobody has defined is null, like a name nobody has defined.
      return undefined;
  }
}

function bounded(value: ExpressionValue, { maxLength }: EvaluationContext): ExpressionValue {
  if (typeof value === 'string' && value.length > maxLength) {
    throw new ExpressionError(`A text grows beyond ${maxLength} characters.`);
  }
  if (typeof value === 'bigint' && (value > LARGEST_INTEGER || value < -LARGEST_INTEGER)) {
    throw new ExpressionError('A number has more than 1000 digits.');
  }
  return value;
}
