import { isFailure, isSuccess } from '@lockstep/domain';
import type { OracleNode } from './oracle-node.js';

const MACRO = /all_success|all_done|all_failed|one_success|one_failed/i;
/** `${job:param}`. */
const OUTPUT = /\$\{([^:{}]+):([^:{}]+)\}/g;

/** The macro a condition contains, `all_success` without one (section 1.7). */
export function macroOf(condition: string | undefined): string {
  return (condition?.match(MACRO)?.[0] ?? 'all_success').toLowerCase();
}

/** Section 1.7 to the letter: both parts have to be true. Only asked once all dependencies have finished. */
export function conditionTrue(node: OracleNode): boolean {
  return jobStatusPartTrue(node) && (node.condition === undefined || variablePartTrue(node, node.condition));
}

function jobStatusPartTrue(node: OracleNode): boolean {
  const statuses = node.dependencies.map(({ status }) => status);
  switch (macroOf(node.condition)) {
    case 'all_success':
      return statuses.every(isSuccess);
    case 'one_success':
      return statuses.some(isSuccess);
    case 'all_failed':
      return statuses.every(isFailure);
    case 'one_failed':
      return statuses.some(isFailure);
    default:
      return true;
  }
}

/** "The result is evaluated as a JavaScript expression": the conditions here are made by the generator, so it really is. */
function variablePartTrue(node: OracleNode, condition: string): boolean {
  const script = condition.replace(MACRO, 'true').replaceAll(OUTPUT, (_, job: string, param: string) => {
    const outputs = node.parent?.children.find((sibling) => sibling.id === job)?.outputs;
    return `'${outputs?.[param] ?? 'null'}'`;
  });
  try {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the oracle is as naive as Azkaban's own evaluation
    return (new Function(`return (${script});`) as () => unknown)() === true;
  } catch {
    return false;
  }
}
