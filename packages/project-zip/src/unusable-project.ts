import type { ProjectDefinition } from '@lockstep/domain';
import type { LoadedProject, ZipProblem } from './loaded-project.js';

/** The answer for a project no loader can read: `fatal` is what Azkaban shows after "Installation Failed.<br>". */
export function unusable({
  fatal,
  ...place
}: {
  readonly fatal: string;
  readonly file?: string;
  readonly hint?: string;
}) {
  const problem: ZipProblem = { severity: 'error', message: fatal, ...pick(place) };
  const definition: ProjectDefinition = { format: 'flow1', flows: {}, jobs: {}, propertyFiles: {} };
  const counts = { jobs: 0, propertiesFiles: 0 };
  return { definition, errors: [], warnings: [], problems: [problem], fatal, counts } satisfies LoadedProject;
}

function pick({ file, hint }: { readonly file?: string; readonly hint?: string }) {
  return { ...(file === undefined ? {} : { file }), ...(hint === undefined ? {} : { hint }) };
}
