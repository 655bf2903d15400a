import type { FlowDefinition, JobDefinition, ProjectDefinition } from '@lockstep/domain';
import { checkExpandedSize } from '../checks/expanded-size.js';
import { checkJobProperties } from '../checks/job-properties.js';
import { checkJobTypes } from '../checks/job-types.js';
import type { TypedJob } from '../checks/job-types.js';
import type { LoadSettings } from '../load-options.js';
import type { LoadedProject } from '../loaded-project.js';
import { Problems } from '../problems.js';
import { fileNameOf, filesEndingIn, readFilesInOrder } from '../project-tree.js';
import type { FileContent, ProjectTree } from '../project-tree.js';
import { recordOf } from '../record-of.js';
import { unusable } from '../unusable-project.js';
import { buildFlow } from './build-flow.js';
import type { BuiltFlow } from './build-flow.js';
import { YamlFileError } from '../yaml/yaml-file-error.js';
import { readTrigger } from './flow-trigger.js';
import { readFlowFile } from './read-flow-file.js';
import type { FlowFile } from './read-flow-file.js';
import { structureFault } from './structure.js';

/** Loads the `.flow` files of all directories (Azkaban's DirectoryYamlFlowLoader). `.job` and `.properties` are plain files. */
export async function loadFlow2(tree: ProjectTree, settings: LoadSettings): Promise<LoadedProject> {
  const { maxFlowFileMb } = settings.limits;
  const problems = new Problems();
  const project: Flow2Project = { flows: new Map(), jobs: new Map(), typedJobs: [] };
  const paths = tree.directories.flatMap((directory) => filesEndingIn('.flow', directory));
  for await (const content of readFilesInOrder(tree, paths, maxFlowFileMb * BYTES_PER_MB)) {
    if (content.result === 'too-large') {
      return unusable({ fatal: `Flow file length exceeds ${maxFlowFileMb} MB limit.`, file: content.path });
    }
    loadFile(content, { project, settings, problems });
  }
  checkExpandedSize(project.flows, { limits: settings.limits, problems });
  checkJobTypes(project.typedJobs, { knownJobTypes: settings.knownJobTypes, problems });

  const definition: ProjectDefinition = {
    format: 'flow2',
    flows: recordOf(project.flows),
    jobs: recordOf(project.jobs),
    propertyFiles: recordOf([]),
  };
  return {
    definition,
    errors: problems.messages('error'),
    warnings: problems.messages('warning'),
    problems: problems.list,
    counts: { jobs: project.jobs.size, propertiesFiles: 0 },
  };
}

const BYTES_PER_MB = 1024 * 1024;

/** Grows file by file. */
interface Flow2Project {
  readonly flows: Map<string, FlowDefinition>;
  readonly jobs: Map<string, JobDefinition>;
  readonly typedJobs: TypedJob[];
}

interface LoadFileContext {
  readonly project: Flow2Project;
  readonly settings: LoadSettings;
  readonly problems: Problems;
}

function loadFile(content: Exclude<FileContent, { result: 'too-large' }>, context: LoadFileContext): void {
  const { problems } = context;
  const file = content.path;
  try {
    if (content.result === 'unreadable') throw new YamlFileError(content.reason);
    const text = new TextDecoder().decode(content.bytes);
    const flowFile = readFlowFile({ fileName: fileNameOf(file), text, limits: context.settings.limits });
    reportRepeatedKeys(flowFile, { file, context });
    addFlow(flowFile, { file, context });
  } catch (error) {
    if (!(error instanceof YamlFileError)) throw error;
    const place = error.line === undefined ? { file } : { file, line: error.line };
    problems.error(`Error loading flow yaml file ${fileNameOf(file)}:${error.message}`, place);
  }
}

interface FilePlace {
  readonly file: string;
  readonly context: LoadFileContext;
}

function addFlow({ flow }: FlowFile, { file, context }: FilePlace): void {
  const { project, settings, problems } = context;
  const fault = structureFault(flow);
  if (fault !== undefined) {
    const message = `Failed to validate nodeBean for ${fileNameOf(file)}. ${STRUCTURE_RULES}`;
    problems.error(message, { file, ...fault });
    return;
  }
  const trigger = flow.trigger && readTrigger(flow.trigger, settings.isQuartzCron);
  const built = buildFlow({ flow, trigger }, { file, problems });
  const taken = built.flows.find((candidate) => project.flows.has(candidate.id));
  if (taken !== undefined) {
    problems.error(`Duplicate flows found in the project with name ${taken.id}`, { file });
    return;
  }
  addBuiltFlow(built, { file, context });
}

const STRUCTURE_RULES = 'Duplicate nodes found or dependency undefined or ROOT used as a name.';

function addBuiltFlow({ flows, jobs }: BuiltFlow, { file, context }: FilePlace): void {
  const { project, settings, problems } = context;
  for (const flow of flows) project.flows.set(flow.id, flow);
  for (const { key, type, line, definition } of jobs) {
    project.jobs.set(key, definition);
    project.typedJobs.push({ job: key, type, file, line });
    checkJobProperties({ job: key, properties: definition.properties, file, line }, { settings, problems });
  }
}

/** Of a repeated key the last one counts, as in Azkaban; it is hardly ever meant. */
function reportRepeatedKeys({ repeatedKeys }: FlowFile, { file, context }: FilePlace): void {
  for (const { key, line } of repeatedKeys) {
    const place = { file, line };
    if (context.settings.strict) {
      context.problems.error(
        `Error loading flow yaml file ${fileNameOf(file)}:Key "${key}" is there twice (line ${line}).`,
        place,
      );
    } else {
      context.problems.warning(
        `${fileNameOf(file)}: key "${key}" is there twice; the last one counts (line ${line}).`,
        place,
      );
    }
  }
}
