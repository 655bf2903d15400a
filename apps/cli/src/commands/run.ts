import { Option, type Command } from 'commander';
import type { AttemptRecord, Execution, ExecutionOptions, FailureAction, Properties } from '@lockstep/domain';
import { planExecution } from '@lockstep/engine';
import { CommandError } from '../command-error.js';
import type { CommandContext } from '../context.js';
import { durationText } from '../output/duration-text.js';
import { createRunProgress } from '../output/run-progress.js';
import { statusText } from '../output/status-text.js';
import type { Terminal } from '../output/terminal.js';
import { wholeNumberArgument } from '../output/whole-number-argument.js';
import { flowParameters } from '../project/flow-parameters.js';
import { requireFlow } from '../project/flows-to-start.js';
import { localExecution } from '../project/local-execution.js';
import { openProject } from '../project/open-project.js';
import { requireValid } from '../project/require-valid.js';
import { runLocally, type LocalRun } from '../project/run-locally.js';

interface RunFlags {
  readonly threads: number;
  readonly onFailure?: keyof typeof FAILURE_ACTIONS_BY_WORD;
  readonly plugins?: string;
  readonly logs?: string;
  readonly json?: boolean;
}

const FAILURE_ACTIONS_BY_WORD = {
  'finish-running': 'FINISH_CURRENTLY_RUNNING',
  'cancel-all': 'CANCEL_ALL',
  'finish-possible': 'FINISH_ALL_POSSIBLE',
} as const satisfies Record<string, FailureAction>;

/** `lockstep run`: one flow, on this machine, without server or database. */
export function addRunCommand(program: Command, context: CommandContext): void {
  program
    .command('run')
    .description('run a flow here and now, without a server: same engine, same jobs; exit code 0 when it succeeds')
    .argument('<project>', 'folder or zip')
    .argument('<flow>', 'flow to run')
    .argument('[key=value...]', 'flow parameters')
    .option('--threads <number>', 'jobs that run at the same time', wholeNumberArgument, 10)
    .addOption(
      new Option(
        '--on-failure <action>',
        'what happens to the rest when a job has failed (default: what the flow says)',
      ).choices(Object.keys(FAILURE_ACTIONS_BY_WORD)),
    )
    .option('--plugins <folder>', 'folder of job type plugins')
    .option('--logs <folder>', 'keep all logs there')
    .option('--json', 'print the result as JSON, progress goes to standard error')
    .action((path: string, flowId: string, assignments: string[], flags: RunFlags) =>
      run({ path, flowId, parameters: flowParameters(assignments), flags }, context),
    );
}

interface Request {
  readonly path: string;
  readonly flowId: string;
  readonly parameters: Properties;
  readonly flags: RunFlags;
}

async function run({ path, flowId, parameters, flags }: Request, context: CommandContext): Promise<void> {
  const { terminal, clock } = context;
  const project = await openProject(path);
  try {
    requireValid(project.loaded, terminal);
    const { definition } = project.loaded;
    requireFlow(definition, flowId);
    const execution = localExecution({
      definition,
      projectName: project.name,
      flowId,
      parameters,
      options: optionsOf(flags),
      now: clock.now(),
    });
    const plan = planExecution({ definition, flowId, options: execution.options });
    const shownOn = flags.json ? { ...terminal, print: terminal.remark, isInteractive: false } : terminal;
    const progress = createRunProgress({ terminal: shownOn, clock, jobs: plan.nodes.length - 1 });
    const local = await runLocally({
      execution,
      project,
      clock,
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      jobThreads: Math.max(1, flags.threads),
      pluginDir: flags.plugins,
      logFolder: flags.logs,
      onChange: progress.show,
      remark: terminal.remark,
    }).finally(progress.end);
    try {
      await report(local, flags, context);
    } finally {
      await local.close();
    }
  } finally {
    await project.close();
  }
}

function optionsOf({ onFailure }: RunFlags): Partial<ExecutionOptions> {
  if (onFailure === undefined) return {};
  return { failureAction: FAILURE_ACTIONS_BY_WORD[onFailure], failureActionOverridden: true };
}

/** Ends with a `CommandError` without words when the flow did not succeed: everything has been said by then. */
async function report(local: LocalRun, flags: RunFlags, { terminal }: CommandContext): Promise<void> {
  const { execution, attempts } = local;
  if (flags.json) {
    const { id: _id, options: _options, ...facts } = execution;
    terminal.print(
      JSON.stringify({ ...facts, attempts: attempts.filter(({ nestedId }) => nestedId !== '') }, undefined, 2),
    );
  } else {
    for (const failed of failedJobs(attempts)) await printLog(failed, local, terminal);
    terminal.print(endLine(execution, terminal));
  }
  if (execution.status !== 'SUCCEEDED') throw new CommandError('');
}

/** Jobs whose last attempt has failed. */
function failedJobs(attempts: readonly AttemptRecord[]): readonly AttemptRecord[] {
  const latest = new Map(attempts.map((record) => [record.nestedId, record]));
  latest.delete('');
  return [...latest.values()].filter(({ status }) => status === 'FAILED');
}

/** As much of a failed job's log as helps; the rest is in the file when logs are kept. */
const LOG_TAIL_BYTES = 16 * 1024;

async function printLog(
  { nestedId, attempt }: AttemptRecord,
  { execution, logs, logReader }: LocalRun,
  { colors, print }: Terminal,
): Promise<void> {
  const name = { executionId: execution.id, nestedId, attempt };
  const size = await logs.size(name);
  // Embedded flows fail too, but have no log.
  if (size === 0) return;
  const { text, offset } = await logReader.readSlice(name, {
    offset: Math.max(0, size - LOG_TAIL_BYTES),
    length: LOG_TAIL_BYTES,
  });
  print(
    colors.bold(
      `--- log of ${nestedId}${offset === 0 ? '' : ` (the last ${text.length} characters; all of it with --logs <folder>)`}`,
    ),
  );
  print(text.trimEnd());
}

function endLine({ flowId, status, startedAt, endedAt }: Execution, { colors }: Terminal): string {
  const took = startedAt === undefined || endedAt === undefined ? '' : ` after ${durationText(endedAt - startedAt)}`;
  return `Flow ${flowId} ${statusText(status, colors)}${took}`;
}
