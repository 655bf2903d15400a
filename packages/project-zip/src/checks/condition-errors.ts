import { conditionErrors } from '@lockstep/conditions';

export interface CheckedCondition {
  /** As written. */
  readonly text: string;
  readonly job: string;
  readonly format: 'flow1' | 'flow2';
  readonly isNode: (name: string) => boolean;
  readonly isDescendant?: (name: string) => boolean;
}

/**
 * The errors of a condition in Azkaban's words. Only the names in the text are looked up, so that thousands of conditions in one
 * flow do not each cost the whole flow.
 */
export function checkCondition({ text, job, format, isNode, isDescendant }: CheckedCondition): readonly string[] {
  const names = namesIn(text);
  return conditionErrors({
    text,
    job,
    format,
    nodeIds: names.filter(isNode),
    descendantIds: isDescendant === undefined ? [] : names.filter(isDescendant),
  });
}

/** The jobs of all `${job:param}`; blanks and brackets do not count, as in the check itself. */
function namesIn(text: string): readonly string[] {
  return [...text.replace(/[\s()]+/g, '').matchAll(/\$\{([^:{}]+):/g)].map(([, name = '']) => name);
}
