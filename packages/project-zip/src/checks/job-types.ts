import type { Problems } from '../problems.js';

export interface TypedJob {
  readonly job: string;
  readonly type: string;
  readonly file: string;
  readonly line?: number;
}

/** One warning for each type that is not among the known ones, if those are given. An unknown type is never an error. */
export function checkJobTypes(
  jobs: Iterable<TypedJob>,
  { knownJobTypes, problems }: { readonly knownJobTypes: ReadonlySet<string> | undefined; readonly problems: Problems },
): void {
  if (knownJobTypes === undefined) return;
  const unknown = new Map<string, { readonly first: TypedJob; count: number }>();
  for (const job of jobs) {
    if (job.type === '' || job.type === 'flow' || knownJobTypes.has(job.type)) continue;
    const entry = unknown.get(job.type);
    if (entry === undefined) unknown.set(job.type, { first: job, count: 1 });
    else entry.count++;
  }
  for (const [type, { first, count }] of unknown) {
    const others = count === 1 ? '' : ` and ${count - 1} more`;
    problems.warning(`Job type "${type}" is not installed; it is used by ${first.job}${others}.`, {
      file: first.file,
      ...(first.line === undefined ? {} : { line: first.line }),
      hint: `Installed types: ${[...knownJobTypes].sort().join(', ')}.`,
    });
  }
}
