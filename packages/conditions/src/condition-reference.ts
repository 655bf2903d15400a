/** `${job:param}`: both not empty and without `:`, `{` and `}`. */
const OUTPUT_REFERENCE = /^\$\{([^:{}]+):([^:{}]+)\}$/;

/** `${name}`: the names properties can be referred to by. Not in Azkaban, where a condition cannot see parameters. */
const PARAMETER_REFERENCE = /^\$\{([a-zA-Z_.0-9]+)\}$/;

export type ConditionReference =
  | { readonly kind: 'output'; readonly job: string; readonly param: string }
  | { readonly kind: 'parameter'; readonly name: string };

/** Whether `${name}` may stand for a flow parameter; `refused` is how Azkaban has it. */
export type FlowParameters = 'allowed' | 'refused';

/** What a text such as `${extract:rows}` refers to; undefined when it is not a reference. */
export function parseReference(text: string, flowParameters: FlowParameters): ConditionReference | undefined {
  const [, job, param] = OUTPUT_REFERENCE.exec(text) ?? [];
  if (job !== undefined && param !== undefined) return { kind: 'output', job, param };
  const [, name] = (flowParameters === 'allowed' && PARAMETER_REFERENCE.exec(text)) || [];
  return name === undefined ? undefined : { kind: 'parameter', name };
}
