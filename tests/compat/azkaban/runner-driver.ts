import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InMemoryExecutionJournal, InMemoryLogChunks } from '@lockstep/database';
import {
  DEFAULT_EXECUTION_OPTIONS,
  type ExecutionOptions,
  type FailureAction,
  type ProjectDefinition,
} from '@lockstep/domain';
import { createJobTypes } from '@lockstep/job-types';
import { createLogFormatter, createLogWriter } from '@lockstep/log-store';
import { extractZip, loadProject } from '@lockstep/project-zip';
import { createRunner } from '@lockstep/runner';
import { disabledTree } from './disabled-tree.js';
import type { Driver } from './driver.js';
import type { ScenarioOptions } from './fixtures.js';
import { createRecordedTestJobs } from './recorded-test-jobs.js';

/** Plays scenarios on the runner alone: everything but the database, the queue and HTTP. */
export async function createRunnerDriver(settings: { readonly webServerUrl?: string } = {}): Promise<Driver> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-scenario-'));
  const clock = { now: () => Date.now() };
  const logChunks = new InMemoryLogChunks();
  const journal = new InMemoryExecutionJournal({ logChunks });
  const logWriter = createLogWriter({ chunks: logChunks, clock, timeZone: 'UTC' });
  const testJobs = createRecordedTestJobs();
  const projects = new Map<string, { definition: ProjectDefinition; path: string }>();
  const runner = await createRunner({
    workerId: 'scenario',
    journal,
    logChunks,
    logWriter,
    formatLog: createLogFormatter({ timeZone: 'UTC' }),
    jobTypes: await createJobTypes({ types: [testJobs.jobType] }),
    loadProject: async ({ projectName }) => {
      const project = projects.get(projectName);
      if (project === undefined) throw new Error(`No project ${projectName}.`);
      return {
        definition: project.definition,
        project: { modifiedBy: 'azkaban', modifiedAt: 0 },
        files: async () => project.path,
      };
    },
    clock,
    folder,
    jobThreads: 10,
    killGraceMs: 1_000,
    timezone: 'UTC',
    ...(settings.webServerUrl === undefined ? {} : { webServerUrl: settings.webServerUrl }),
    globalProperties: {},
    baseEnvironment: process.env,
    onProblem: (message, error) => process.stderr.write(`${message}: ${String(error)}\n`),
  });

  return {
    async upload({ name, path }) {
      let source = path;
      if (path.endsWith('.zip')) {
        source = join(folder, 'unpacked', name);
        await extractZip({ zipPath: path, targetDir: source });
      }
      const { definition, errors, fatal } = await loadProject({ dir: source });
      if (fatal !== undefined || errors.length > 0) throw new Error(`${name}: ${fatal ?? errors.join('; ')}`);
      projects.set(name, { definition, path: source });
    },
    async start({ project, flow, options }) {
      const execution = journal.executions.add({
        projectId: 1,
        projectName: project,
        version: 1,
        flowId: flow,
        submitUser: 'azkaban',
        submittedAt: clock.now(),
        source: 'adhoc',
        options: optionsOf(options),
      });
      void runner.run(execution.id);
      return execution.id;
    },
    async act(executionId, action) {
      const kind = action === 'kill' ? 'cancel' : action === 'retryFailures' ? 'retry-failed' : action;
      journal.executions.addRequest({ executionId, kind, user: 'azkaban', at: clock.now() });
    },
    end: testJobs.end,
    inputOf: testJobs.inputOf,
    async look(executionId) {
      const nodes = new Map(journal.executions.attemptsOf(executionId).map((record) => [record.nestedId, record]));
      return { status: journal.executions.find(executionId)?.status ?? 'READY', nodes };
    },
    outputsOf: async (executionId, node) =>
      journal.executions.attemptsOf(executionId).findLast(({ nestedId }) => nestedId === node)?.outputs,
    async stop() {
      await runner.stop();
      await logWriter.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function optionsOf(options: ScenarioOptions): ExecutionOptions {
  return {
    ...DEFAULT_EXECUTION_OPTIONS,
    ...(options.failureAction === undefined ? {} : { failureAction: options.failureAction as FailureAction }),
    flowParameters: options.flowParams ?? {},
    runtimeProperties: options.runtimeProperties ?? {},
    disabledJobs: disabledTree(options.disabled ?? []),
    ...(options.pipelineLevel === undefined
      ? {}
      : { concurrentOption: 'pipeline' as const, pipelineLevel: options.pipelineLevel }),
    ...(options.pipelineExecution === undefined ? {} : { pipelineExecutionId: Number(options.pipelineExecution) }),
  };
}
