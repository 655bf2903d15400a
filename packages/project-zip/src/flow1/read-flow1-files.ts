import type { JobDefinition, Properties, PropertyFile } from '@lockstep/domain';
import { emptyProperties, parseProperties, propertyOf, readBoolean, readList } from '@lockstep/props';
import { checkCondition } from '../checks/condition-errors.js';
import type { LoadSettings } from '../load-options.js';
import type { Problems } from '../problems.js';
import { fileNameOf, filesEndingIn, readFilesInOrder } from '../project-tree.js';
import type { FileContent, ProjectDirectory, ProjectTree } from '../project-tree.js';
import { loaderProperties } from './inherited-properties.js';

export interface Flow1Job {
  readonly name: string;
  /** '' when it is missing (which is an error). */
  readonly type: string;
  /** Declared order, no repetitions, not yet looked up. */
  readonly dependencies: readonly string[];
  readonly isRootNode: boolean;
  readonly condition: string | undefined;
  /** For `type=flow`: the flow it embeds; undefined when `flow.name` is missing. */
  readonly embeds: string | undefined;
  /** Path of its file. */
  readonly source: string;
  /** What the loader looks at, inherited properties included. */
  readonly effective: Properties;
  readonly definition: JobDefinition;
}

export interface Flow1Files {
  /** By name, in the order the directories were read. */
  readonly jobs: ReadonlyMap<string, Flow1Job>;
  /** Names that several files claim; none of them is a job. */
  readonly ambiguousNames: ReadonlySet<string>;
  /** By path. */
  readonly propertyFiles: ReadonlyMap<string, PropertyFile>;
}

/**
 * Reads the files of all directories, chains the property files and drops jobs whose name occurs twice.
 * A condition may only name jobs of its own and of earlier directories, because Azkaban checks it while it walks.
 */
export async function readFlow1Files(
  tree: ProjectTree,
  { settings, problems }: { readonly settings: LoadSettings; readonly problems: Problems },
): Promise<Flow1Files> {
  const found: FoundSoFar = { jobs: new Map(), ambiguousNames: new Set(), propertyFiles: new Map() };
  const scopes = new Map<ProjectDirectory, Scope>();
  const plan = tree.directories.map((directory) => ({
    directory,
    propertyPaths: filesEndingIn('.properties', directory),
    jobPaths: filesEndingIn('.job', directory),
  }));
  const paths = plan.flatMap(({ propertyPaths, jobPaths }) => [...propertyPaths, ...jobPaths]);
  const contents = readFilesInOrder(tree, paths, settings.limits.maxPropertyFileBytes);

  for (const { directory, propertyPaths, jobPaths } of plan) {
    let scope = (directory.parent && scopes.get(directory.parent)) ?? ROOT_SCOPE;
    for (const path of propertyPaths) scope = addPropertyFile(await nextOf(contents), { path, scope, found, problems });
    scopes.set(directory, scope);
    for (const path of jobPaths) addJob(await nextOf(contents), { path, scope, found, problems });
    for (const path of jobPaths) reportCondition(path, { jobs: found.jobs, problems });
  }
  return found;
}

interface FoundSoFar {
  readonly jobs: Map<string, Flow1Job>;
  readonly ambiguousNames: Set<string>;
  readonly propertyFiles: Map<string, PropertyFile>;
}

/** What the files of a directory inherit. */
interface Scope {
  readonly lastFile: string | undefined;
  readonly effective: Properties;
}

const ROOT_SCOPE: Scope = { lastFile: undefined, effective: emptyProperties() };

interface FileToAdd {
  readonly path: string;
  readonly scope: Scope;
  readonly found: FoundSoFar;
  readonly problems: Problems;
}

/** The scope of whatever comes after the file in the chain; an unreadable file is left out of it. */
function addPropertyFile(content: FileContent, { path, scope, found, problems }: FileToAdd): Scope {
  const parsed = parse(content);
  if ('reason' in parsed) {
    problems.error(`Error loading properties ${fileNameOf(path)}:${parsed.reason}`, { file: path });
    return scope;
  }
  const { properties } = parsed;
  const inherits = scope.lastFile;
  found.propertyFiles.set(path, { properties, ...(inherits === undefined ? {} : { inherits }) });
  return { lastFile: path, effective: loaderProperties(properties, scope.effective) };
}

/** Of jobs with one name none remains, and it is said once. */
function addJob(content: FileContent, { path, scope, found, problems }: FileToAdd): void {
  const { jobs, ambiguousNames } = found;
  const name = jobNameOf(path);
  if (ambiguousNames.has(name)) return;
  const twin = jobs.get(name);
  if (twin !== undefined) {
    jobs.delete(name);
    ambiguousNames.add(name);
    const hint = `The other file is ${twin.source}; the name of a job must be unique in the whole project.`;
    problems.error(`Duplicate job names found '${name}'.`, { file: path, hint });
    return;
  }
  const parsed = parse(content);
  if ('reason' in parsed) {
    problems.error(`Error loading job file ${fileNameOf(path)}:${parsed.reason}`, { file: path });
    return;
  }
  const job = jobOf({ name, path, own: parsed.properties, scope });
  reportBasics(job, problems);
  jobs.set(name, job);
}

/** The file name without its last extension. */
function jobNameOf(path: string): string {
  return fileNameOf(path).slice(0, -'.job'.length);
}

async function nextOf(contents: AsyncGenerator<FileContent>): Promise<FileContent> {
  const next = await contents.next();
  if (next.done === true) throw new Error('The files of the project ended before the plan to read them.');
  return next.value;
}

function parse(content: FileContent): { readonly properties: Properties } | { readonly reason: string } {
  if (content.result === 'unreadable') return { reason: content.reason };
  if (content.result === 'too-large') return { reason: `The file has ${content.sizeBytes} bytes, which is too many.` };
  try {
    return { properties: parseProperties(content.bytes) };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

function jobOf({ name, path, own, scope }: { name: string; path: string; own: Properties; scope: Scope }): Flow1Job {
  const effective = loaderProperties(own, scope.effective);
  const type = propertyOf(effective, 'type') ?? '';
  return {
    name,
    type,
    dependencies: [...new Set(readList(effective, 'dependencies', []))].filter((item) => item !== ''),
    isRootNode: readBoolean(effective, 'root.node', false),
    condition: propertyOf(effective, 'condition'),
    embeds: type === 'flow' ? propertyOf(effective, 'flow.name') : undefined,
    source: path,
    effective,
    definition: {
      properties: own,
      source: path,
      ...(scope.lastFile === undefined ? {} : { propertyFile: scope.lastFile }),
    },
  };
}

function reportBasics(job: Flow1Job, problems: Problems): void {
  const file = job.source;
  if (job.name === 'ROOT') problems.error('ROOT is not allowed as a name. Pick some other name.', { file });
  if (propertyOf(job.effective, 'type') === undefined) {
    problems.error(`Job doesn't have type set '${job.name}'.`, { file, hint: 'Add a line such as: type=command' });
  }
}

function reportCondition(
  path: string,
  { jobs, problems }: { readonly jobs: ReadonlyMap<string, Flow1Job>; readonly problems: Problems },
): void {
  const job = jobs.get(jobNameOf(path));
  // A twin in an earlier directory has taken the name: that job's condition was checked there.
  if (job?.condition === undefined || job.source !== path) return;
  const isNode = (name: string): boolean => jobs.has(name);
  for (const message of checkCondition({ text: job.condition, job: job.name, format: 'flow1', isNode })) {
    problems.error(message, { file: path });
  }
}
