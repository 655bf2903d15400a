import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Execution, ExecutionPlan, PlanNode, ProjectDefinition, Properties } from '@lockstep/domain';
import { planExecution } from '@lockstep/engine';
import { createJobTypes } from '@lockstep/job-types';
import {
  MASKED,
  describeOrigin,
  explainProperties,
  isSecretKey,
  type ExplainedProperty,
  type PropertyLayer,
} from '@lockstep/props';
import { injectedFlowProperties, injectedJobProperties, jobLayers } from '@lockstep/runner';
import { CommandError } from '../command-error.js';
import type { CommandContext } from '../context.js';
import { table } from '../output/table.js';
import type { Terminal } from '../output/terminal.js';
import { flowParameters } from '../project/flow-parameters.js';
import { requireFlow } from '../project/flows-to-start.js';
import { localExecution } from '../project/local-execution.js';
import { openProject } from '../project/open-project.js';

interface ExplainFlags {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly showSecrets?: boolean;
}

/** `lockstep explain`: which properties a job sees, and why. */
export function addExplainCommand(program: Command, context: CommandContext): void {
  program
    .command('explain')
    .description('show what a job sees: every property, its value, where it comes from, and what it overrides')
    .argument('<project>', 'folder or zip')
    .argument('<flow>', 'flow to start')
    .argument('<job>', 'job of it; inside embedded flows as outer:inner')
    .argument('[key=value...]', 'flow parameters')
    .option('--all', 'also what the engine sets (azkaban.*)')
    .option('--show-secrets', 'do not mask values of keys that look like passwords')
    .option('--json', 'print the result as JSON')
    .action((path: string, flowId: string, nestedId: string, assignments: string[], flags: ExplainFlags) =>
      explain({ path, flowId, nestedId, parameters: flowParameters(assignments), flags }, context),
    );
}

interface Request {
  readonly path: string;
  readonly flowId: string;
  readonly nestedId: string;
  readonly parameters: Properties;
  readonly flags: ExplainFlags;
}

async function explain(request: Request, { terminal, clock }: CommandContext): Promise<void> {
  const project = await openProject(request.path);
  await project.close();
  const { definition } = project.loaded;
  requireFlow(definition, request.flowId);
  const now = clock.now();
  const execution = localExecution({
    ...request,
    definition,
    projectName: project.name,
    now,
  });
  const plan = planExecution({ definition, flowId: request.flowId, options: execution.options });
  const node = requireNode(plan, request);
  const { defaultsOf } = await createJobTypes();
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const layers = layersOf({
    definition,
    execution,
    plan,
    node,
    now,
    timeZone,
    folder: project.folder,
    pluginDefaults: defaultsOf(node.type),
  });
  const explained = withSecrets(request.flags, explainProperties({ layers, now, timeZone }));
  const shown = request.flags.all ? explained : explained.filter(({ origin }) => origin.kind !== 'injected');

  if (request.flags.json) terminal.print(JSON.stringify(shown, undefined, 2));
  else printTable(shown, { terminal, plan, node });
  const failed = explained.filter(({ error }) => error !== undefined);
  if (failed.length > 0) {
    throw new CommandError(`The job would fail before it starts: ${failed.map(({ error }) => error).join(' ')}`);
  }
}

function requireNode(plan: ExecutionPlan, { flowId, nestedId }: Request): PlanNode {
  const node = plan.nodes.find((candidate) => candidate.index !== 0 && candidate.nestedId === nestedId);
  if (node) return node;
  const known = plan.nodes.filter(({ index }) => index !== 0).map((each) => each.nestedId);
  const listed = known.length > 50 ? `${known.slice(0, 50).join(', ')} … (${known.length})` : known.join(', ');
  throw new CommandError(`Flow "${flowId}" has no job "${nestedId}"; its jobs are: ${listed}.`);
}

function layersOf({
  definition,
  execution,
  plan,
  node,
  now,
  timeZone,
  folder,
  pluginDefaults,
}: {
  definition: ProjectDefinition;
  execution: Execution;
  plan: ExecutionPlan;
  node: PlanNode;
  now: number;
  timeZone: string;
  folder: string;
  pluginDefaults: Properties;
}): readonly PropertyLayer[] {
  const layers = jobLayers({
    plan,
    node,
    definition,
    options: execution.options,
    // Known only once they have run.
    outputsOf: () => undefined,
    globalProperties: {},
    pluginDefaults,
    flowProperties: injectedFlowProperties({
      execution,
      project: { modifiedBy: execution.submitUser, modifiedAt: now },
      startedAt: now,
      uuid: randomUUID(),
      timezone: timeZone,
    }),
  });
  const written = (key: string) => layers.findLast(({ properties }) => Object.hasOwn(properties, key))?.properties[key];
  const outputFile = join(folder, `_job.${execution.id}.${node.id}.log`);
  const properties = injectedJobProperties({
    plan,
    node,
    attempt: 0,
    execution,
    workingDirectory: folder,
    logFile: outputFile,
    attachmentFile: outputFile.replace(/\.log$/, '.attach'),
    valueOf: written,
  });
  return [...layers, { origin: { kind: 'injected', scope: 'job' }, properties }];
}

function withSecrets(
  { showSecrets = false }: ExplainFlags,
  explained: readonly ExplainedProperty[],
): readonly ExplainedProperty[] {
  if (showSecrets) return explained;
  const secrets = explained.filter(({ key }) => isSecretKey(key)).flatMap(({ value }) => value || []);
  return explained.map((property) => masked(property, secrets));
}

/** Secrets also show where they are inserted: `command=mysql -p${db.password}`. */
function masked(property: ExplainedProperty, secrets: readonly string[]): ExplainedProperty {
  const shown = (text: string) =>
    isSecretKey(property.key) ? MASKED : secrets.reduce((shorter, secret) => shorter.replaceAll(secret, MASKED), text);
  return {
    ...property,
    raw: shown(property.raw),
    ...(property.value !== undefined && { value: shown(property.value) }),
    overrides: property.overrides.map(({ origin, value }) => ({ origin, value: shown(value) })),
  };
}

function printTable(
  explained: readonly ExplainedProperty[],
  { terminal, plan, node }: { terminal: Terminal; plan: ExecutionPlan; node: PlanNode },
): void {
  const { colors } = terminal;
  const rows = explained.flatMap(({ key, value, error, origin, overrides }) => [
    [key, error === undefined ? oneLine(value ?? '') : colors.red(error), describeOrigin(origin)],
    ...overrides.map((hidden) => [
      '',
      colors.dim(`overrides ${oneLine(hidden.value)}`),
      colors.dim(describeOrigin(hidden.origin)),
    ]),
  ]);
  const [head = '', ...lines] = table(['PROPERTY', 'VALUE', 'FROM'], rows);
  for (const line of [colors.bold(head), ...lines]) terminal.print(line);
  const predecessors = node.dependencies.map((index) => plan.nodes[index]?.id).filter((id) => id !== undefined);
  if (predecessors.length === 0) return;
  terminal.remark(`Output properties of ${predecessors.join(', ')} come on top of these when the flow runs.`);
}

function oneLine(value: string): string {
  return value.replaceAll('\r', '\\r').replaceAll('\n', '\\n');
}
