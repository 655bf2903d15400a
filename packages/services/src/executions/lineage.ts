import type { Execution } from '@lockstep/domain';

/** A flow as lineages name it. */
export function lineageName({ projectName, flowId }: Pick<Execution, 'projectName' | 'flowId'>): string {
  return `${projectName}/${flowId}`;
}

/** Every flow that has led to what these executions start: what has led to them, and they themselves. */
export function lineageAfter(executions: readonly Execution[]): readonly string[] {
  const names = executions.flatMap((execution) => [...(execution.lineage ?? []), lineageName(execution)]);
  return [...new Set(names)];
}
