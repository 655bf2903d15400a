import type { Command } from 'commander';
import type { Execution, ExecutionPlan, PlanNode, Properties } from '@lockstep/domain';
import { planExecution } from '@lockstep/engine';
import { createJobTypes } from '@lockstep/job-types';
import { describeOrigin, explainJob, maskExplained, outputsToCome, type ExplainedJobProperty } from '@lockstep/props';
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
  const everything = explainJob({
    plan,
    node,
    definition,
    options: execution.options,
    execution: withoutId(execution),
    project: { modifiedBy: execution.submitUser, modifiedAt: now },
    attempt: 0,
    // Known only once they have run.
    outputsOf: () => undefined,
    isToCome: () => true,
    globalProperties: {},
    pluginDefaults: defaultsOf(node.type),
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    now,
  });
  const explained = request.flags.showSecrets ? everything : maskExplained(everything);
  const shown = request.flags.all ? explained : explained.filter(({ origin }) => origin.kind !== 'injected');

  if (request.flags.json) terminal.print(JSON.stringify(shown, undefined, 2));
  else printTable(shown, { terminal, plan, node });
  const failed = explained.filter(({ error, knownAtRunTime }) => error !== undefined && !knownAtRunTime);
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

/** Nothing has been submitted: the number is one of the things only a run knows. */
function withoutId({ id: _, ...facts }: Execution): Omit<Execution, 'id'> {
  return facts;
}

function printTable(
  explained: readonly ExplainedJobProperty[],
  { terminal, plan, node }: { terminal: Terminal; plan: ExecutionPlan; node: PlanNode },
): void {
  const { colors } = terminal;
  const rows = explained.flatMap(({ key, value, error, origin, overrides, knownAtRunTime }) => [
    [
      key,
      error === undefined ? oneLine(value ?? '') : colors.red(error),
      `${describeOrigin(origin)}${knownAtRunTime ? ', known at run time' : ''}`,
    ],
    ...overrides.map((hidden) => [
      '',
      colors.dim(`overrides ${oneLine(hidden.value)}`),
      colors.dim(describeOrigin(hidden.origin)),
    ]),
  ]);
  const [head = '', ...lines] = table(['PROPERTY', 'VALUE', 'FROM'], rows);
  for (const line of [colors.bold(head), ...lines]) terminal.print(line);
  const predecessors = outputsToCome({ plan, node, isToCome: () => true });
  if (predecessors.length === 0) return;
  terminal.remark(`Output properties of ${predecessors.join(', ')} are added when the flow runs.`);
}

function oneLine(value: string): string {
  return value.replaceAll('\r', '\\r').replaceAll('\n', '\\n');
}
