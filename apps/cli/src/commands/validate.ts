import type { Command } from 'commander';
import { createJobTypes } from '@lockstep/job-types';
import type { LoadedProject } from '@lockstep/project-zip';
import type { CommandContext } from '../context.js';
import { CommandError } from '../command-error.js';
import { problemLines } from '../output/problem-lines.js';
import { flowsToStart } from '../project/flows-to-start.js';
import { openProject } from '../project/open-project.js';

interface ValidateFlags {
  readonly json?: boolean;
  readonly strict?: boolean;
}

/** `lockstep validate`: what an upload would say about a project, with files and lines. */
export function addValidateCommand(program: Command, context: CommandContext): void {
  program
    .command('validate')
    .description('check a project as an upload would, with files and lines; exit code 1 when it has errors')
    .argument('<project>', 'folder or zip')
    .option('--strict', 'also refuse what Azkaban lets pass in silence, such as cycles outside of any flow')
    .option('--json', 'print the result as JSON')
    .action((path: string, flags: ValidateFlags) => validate(path, flags, context));
}

async function validate(
  path: string,
  { json, strict = false }: ValidateFlags,
  { terminal }: CommandContext,
): Promise<void> {
  const knownJobTypes = new Set((await createJobTypes()).names);
  const project = await openProject(path, { knownJobTypes, strict });
  await project.close();
  const { loaded } = project;
  if (json) terminal.print(JSON.stringify(asJson(loaded), undefined, 2));
  else for (const line of [...problemLines(loaded.problems, terminal.colors), summary(loaded)]) terminal.print(line);
  // What is wrong has been said; only the exit code is left.
  if (!isValid(loaded)) throw new CommandError('');
}

function isValid({ fatal, errors }: LoadedProject): boolean {
  return fatal === undefined && errors.length === 0;
}

function asJson(loaded: LoadedProject) {
  const { definition, problems, counts } = loaded;
  const flows = flowsToStart(definition).map(({ id, nodes }) => ({ id, jobs: nodes.map((node) => node.id) }));
  return { valid: isValid(loaded), format: definition.format, flows, ...counts, problems };
}

function summary({ definition, counts, problems }: LoadedProject): string {
  const flows = flowsToStart(definition);
  const version = definition.format === 'flow1' ? '1.0' : '2.0';
  const contents = [counted(flows.length, 'flow'), counted(counts.jobs, 'job')];
  if (definition.format === 'flow1') contents.push(counted(counts.propertiesFiles, 'properties file'));
  const names = flows.length === 0 ? '' : ` (${flows.map(({ id }) => id).join(', ')})`;
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const found = `${counted(errors, 'error')}, ${counted(problems.length - errors, 'warning')}`;
  return `Flow ${version} project: ${contents.join(', ')}${names}; ${found}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
