import type { ProjectDefinition } from '@lockstep/domain';
import { checkExpandedSize } from '../checks/expanded-size.js';
import { checkJobProperties } from '../checks/job-properties.js';
import { checkJobTypes } from '../checks/job-types.js';
import type { LoadSettings } from '../load-options.js';
import type { LoadedProject } from '../loaded-project.js';
import { Problems } from '../problems.js';
import type { ProjectTree } from '../project-tree.js';
import { recordOf } from '../record-of.js';
import { buildFlows } from './build-flows.js';
import { checkEmbeddedFlows } from './embedded-flows.js';
import { readFlow1Files } from './read-flow1-files.js';
import { resolveDependencies } from './resolve-dependencies.js';
import { reportUnreachableCycles } from './unreachable-cycles.js';

/** Loads `.job` and `.properties` files (Azkaban's DirectoryFlowLoader). Linear in the files and in the nodes of all flows. */
export async function loadFlow1(tree: ProjectTree, settings: LoadSettings): Promise<LoadedProject> {
  const problems = new Problems();
  const files = await readFlow1Files(tree, { settings, problems });
  const dependencies = resolveDependencies(files, problems);
  const flows = buildFlows({ jobs: files.jobs, dependencies, limits: settings.limits, problems });
  const embeddable = checkEmbeddedFlows(flows, { jobs: files.jobs, problems });
  if (embeddable) checkExpandedSize(flows, { limits: settings.limits, problems });
  reportUnreachableCycles({ jobs: files.jobs, dependencies, flows, strict: settings.strict, problems });
  for (const job of files.jobs.values()) {
    checkJobProperties({ job: job.name, properties: job.effective, file: job.source }, { settings, problems });
  }
  checkJobTypes(
    [...files.jobs.values()].map(({ name, type, source }) => ({ job: name, type, file: source })),
    { knownJobTypes: settings.knownJobTypes, problems },
  );

  const definition: ProjectDefinition = {
    format: 'flow1',
    flows: recordOf(flows),
    jobs: recordOf(new Map([...files.jobs].map(([name, job]) => [name, job.definition]))),
    propertyFiles: recordOf(files.propertyFiles),
  };
  return {
    definition,
    errors: problems.messages('error'),
    warnings: problems.messages('warning'),
    problems: problems.list,
    counts: { jobs: files.jobs.size, propertiesFiles: files.propertyFiles.size },
  };
}
