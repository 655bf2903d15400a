/** Words a condition can use about the statuses of a node's direct dependencies. */
export const JOB_STATUS_MACROS = ['all_success', 'all_done', 'all_failed', 'one_success', 'one_failed'] as const;
export type JobStatusMacro = (typeof JOB_STATUS_MACROS)[number];

/** A parsed condition: the macro decides over the dependencies, the expression over values. */
export interface Condition {
  readonly macro: JobStatusMacro;
  /** Undefined when the condition is a macro alone. */
  readonly expression?: ConditionExpression;
  readonly text: string;
}

export type ConditionExpression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  /** Output property `param` of job `job` (a sibling id); reads as the text `null` when there is none. */
  | { readonly kind: 'output'; readonly job: string; readonly param: string }
  /** A flow parameter; reads as the text `null` when there is none. */
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'not'; readonly operand: ConditionExpression }
  | {
      readonly kind: 'binary';
      readonly operator: '&&' | '||' | '==' | '!=' | '>' | '>=' | '<' | '<=';
      readonly left: ConditionExpression;
      readonly right: ConditionExpression;
    };
