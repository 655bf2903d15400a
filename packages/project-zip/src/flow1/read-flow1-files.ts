import { validateCondition } from '@lockstep/conditions';
import type { JobDefinition, Properties, PropertyFile } from '@lockstep/domain';
import { emptyProperties, parseProperties, propertyOf, readBoolean, readList } from '@lockstep/props';
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
  const jobs = new Map<string, Flow1Job>();
  const namesSoFar = new Set<string>();
  const ambiguousNames = new Set<string>();
  const propertyFiles = new Map<string, PropertyFile>();
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
    for (const path of propertyPaths) {
      const parsed = parse(await nextOf(contents));
      if ('reason' in parsed) {
        problems.error(`Error loading properties ${fileNameOf(path)}:${parsed.reason}`, { file: path });
        continue;
      }
      propertyFiles.set(path, {
        properties: parsed.properties,
        ...(scope.lastFile === undefined ? {} : { inherits: scope.lastFile }),
      });
      scope = { lastFile: path, effective: loaderProperties(parsed.properties, scope.effective) };
    }
    scopes.set(directory, scope);

    for (const path of jobPaths) {
      const content = await nextOf(contents);
      const name = fileNameOf(path).slice(0, -'.job'.length);
      if (ambiguousNames.has(name)) continue;
      if (jobs.delete(name)) {
        namesSoFar.delete(name);
        ambiguousNames.add(name);
        problems.error(`Duplicate job names found '${name}'.`, { file: path });
        continue;
      }
      const parsed = parse(content);
      if ('reason' in parsed) {
        problems.error(`Error loading job file ${fileNameOf(path)}:${parsed.reason}`, { file: path });
        continue;
      }
      const job = jobOf({ name, path, own: parsed.properties, scope });
      reportBasics(job, problems);
      jobs.set(name, job);
      namesSoFar.add(name);
    }
    for (const path of jobPaths)
      checkCondition(jobs.get(fileNameOf(path).slice(0, -'.job'.length)), { path, nodeIds: namesSoFar, problems });
  }
  return { jobs, ambiguousNames, propertyFiles };
}

/** What the files of a directory inherit. */
interface Scope {
  readonly lastFile: string | undefined;
  readonly effective: Properties;
}

const ROOT_SCOPE: Scope = { lastFile: undefined, effective: emptyProperties() };

async function nextOf(contents: AsyncGenerator<FileContent>): Promise<FileContent> {
  const { value, done } = await contents.next();
  if (done === true) throw new Error('The files of the project ended before the plan to read them.');
  return value as FileContent;
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

function checkCondition(
  job: Flow1Job | undefined,
  { path, nodeIds, problems }: { path: string; nodeIds: ReadonlySet<string>; problems: Problems },
): void {
  // A twin in an earlier directory has taken the name: that job's condition was checked there.
  if (job?.condition === undefined || job.source !== path) return;
  const message = validateCondition({ text: job.condition, job: job.name, nodeIds, format: 'flow1' });
  if (message !== undefined) problems.error(message, { file: path });
}
