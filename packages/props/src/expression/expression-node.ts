export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '&&' | '||';

/** An expression as parsed. */
export type ExpressionNode =
  | { readonly kind: 'literal'; readonly value: bigint | number | string | boolean | undefined }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'not' | 'negative'; readonly operand: ExpressionNode }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: ExpressionNode;
      readonly right: ExpressionNode;
    }
  /** `condition ? then : otherwise`. */
  | {
      readonly kind: 'ternary';
      readonly condition: ExpressionNode;
      readonly then: ExpressionNode;
      readonly otherwise: ExpressionNode;
    }
  /** `value ?: otherwise`. */
  | { readonly kind: 'elvis'; readonly value: ExpressionNode; readonly otherwise: ExpressionNode }
  | { readonly kind: 'property'; readonly object: ExpressionNode; readonly name: string }
  | { readonly kind: 'index'; readonly object: ExpressionNode; readonly index: ExpressionNode }
  | {
      readonly kind: 'call';
      readonly object: ExpressionNode;
      readonly method: string;
      readonly args: readonly ExpressionNode[];
    }
  /** A call without an object: `new(…)`, `empty(…)`, `size(…)`, or a function nobody has defined. */
  | { readonly kind: 'function'; readonly name: string; readonly args: readonly ExpressionNode[] };
