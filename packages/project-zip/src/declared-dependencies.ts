import type { DeclaredDependency, FlowDefinition, JobDefinition, ProjectDefinition } from '@lockstep/domain';
import { propertyOf, readList } from '@lockstep/props';

export interface DeclaredDependencies {
  readonly dependencies: readonly DeclaredDependency[];
  /** About values that cannot be used, in words for the uploader. */
  readonly warnings: readonly string[];
}

const AFTER = 'trigger.after';
const DATA_DRIVEN = 'trigger.dataDriven';

/**
 * Which flows a project's flows come after: `trigger.after` (a list of `<project>/<flow>`) and `trigger.dataDriven` of
 * each flow, from the root `config` in Flow 2.0, from the flow's last job and the property files it inherits in Flow 1.0.
 * References (`${…}`) are not resolved: what a flow comes after is known before it runs.
 */
export function declaredDependencies(definition: ProjectDefinition): DeclaredDependencies {
  const warnings: string[] = [];
  const dependencies = Object.values(definition.flows)
    .filter(({ embedded }) => !embedded)
    .flatMap((flow) => dependenciesOf(definition, flow, warnings));
  return { dependencies, warnings };
}

function dependenciesOf(
  definition: ProjectDefinition,
  flow: FlowDefinition,
  warnings: string[],
): readonly DeclaredDependency[] {
  const valueOf = (key: string) => flowProperty(definition, flow, key);
  const after = readList({ [AFTER]: valueOf(AFTER) ?? '' }, AFTER, []).filter((item) => item !== '');
  if (after.length === 0) return [];
  const dataDriven = isDataDriven(flow, valueOf(DATA_DRIVEN), warnings);
  return [...new Set(after)].flatMap((item) => {
    // A project's name, a slash, and anything, since the id of a flow may contain slashes.
    const [, project, upstreamFlow] = /^([^/]+)\/(.+)$/s.exec(item) ?? [];
    if (project === undefined || upstreamFlow === undefined) {
      warnings.push(`Flow "${flow.id}": ${AFTER} names "${item}"; write <project>/<flow>. It is ignored.`);
      return [];
    }
    return [{ flowId: flow.id, upstream: { project, flow: upstreamFlow }, dataDriven }];
  });
}

function isDataDriven(flow: FlowDefinition, text: string | undefined, warnings: string[]): boolean {
  const word = text?.trim().toLowerCase() ?? '';
  if (word !== '' && word !== 'true' && word !== 'false') {
    warnings.push(`Flow "${flow.id}": ${DATA_DRIVEN} is "${text}"; write true or false. It counts as true.`);
  }
  return word !== 'false';
}

function flowProperty(definition: ProjectDefinition, flow: FlowDefinition, key: string): string | undefined {
  if (definition.format === 'flow2') return propertyOf(flow.properties, key);
  // A Flow 1.0 flow is named after its last job.
  const root = Object.hasOwn(definition.jobs, flow.id) ? definition.jobs[flow.id] : undefined;
  return root === undefined ? undefined : effectiveProperty(definition, root, key);
}

/** The job's own value, or that of the nearest property file. */
function effectiveProperty({ propertyFiles }: ProjectDefinition, job: JobDefinition, key: string): string | undefined {
  const own = propertyOf(job.properties, key);
  if (own !== undefined) return own;
  for (
    let file = propertyFiles[job.propertyFile ?? ''];
    file !== undefined;
    file = propertyFiles[file.inherits ?? '']
  ) {
    const inherited = propertyOf(file.properties, key);
    if (inherited !== undefined) return inherited;
  }
  return undefined;
}
