import { DomainError, type ErrorCode, type ErrorDetails, type ExecutionOptions } from '@lockstep/domain';
import type { Accepted, OnlyJobs } from '@lockstep/services';
import type { JsonObject } from '../../kit/pretty-json.js';
import type { AjaxCall } from '../ajax-action.js';
import { parseExecutionOptions } from './parse-execution-options.js';

/** Starts a flow. A refusal has `error`, and -1 as execution id where Azkaban got as far as submitting. */
export async function executeFlow({ parameters, services, user }: AjaxCall): Promise<JsonObject> {
  const projectName = parameters.required('project');
  const flowId = parameters.required('flow');
  const request = { projectName, flowId };
  try {
    const options = await optionsOf({ parameters, services, user }, projectName);
    const only = onlyJobOf(parameters);
    return renderAccepted(await services.executions.submit(user, { ...request, options, ...(only && { only }) }));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return renderRefusal(error, request);
  }
}

/** An extension of Lockstep: `onlyJob=<nested id>` disables all other jobs, but with `withAncestors=true` not those before it. */
function onlyJobOf(parameters: AjaxCall['parameters']): OnlyJobs | undefined {
  const nestedId = parameters.get('onlyJob');
  if (nestedId === undefined || nestedId === '') return undefined;
  return { nestedIds: [nestedId], withAncestors: parameters.boolean('withAncestors', false) };
}

export function renderAccepted({ execution, concurrentWith }: Accepted): JsonObject {
  const { id, projectName, flowId, options } = execution;
  const note = concurrencyNote(flowId, options, concurrentWith);
  const message = `${note}Execution queued successfully with exec id ${id}`;
  return { project: projectName, message, flow: flowId, execid: id };
}

/** Azkaban looks at project and permission before it reads the options: bad options must not hide their answer. */
async function optionsOf(
  { parameters, services, user }: Pick<AjaxCall, 'services' | 'user' | 'parameters'>,
  projectName: string,
): Promise<ExecutionOptions> {
  try {
    return parseExecutionOptions(parameters);
  } catch (error) {
    services.projects.assertCan(user, 'EXECUTE', await services.projects.find(projectName));
    throw error;
  }
}

/** What comes before the message when the flow runs already. A queued execution is pipelined behind the whole older one. */
function concurrencyNote(
  flowId: string,
  { pipelineExecutionId, pipelineLevel }: ExecutionOptions,
  concurrentWith: readonly number[],
): string {
  if (concurrentWith.length === 0) return '';
  if (pipelineExecutionId !== undefined) {
    return `Flow ${flowId} is already running with exec id ${pipelineExecutionId}. Pipelining level ${pipelineLevel}. \n`;
  }
  return `Flow ${flowId} is already running with exec id ${concurrentWith.join(',')}. Will execute concurrently. \n`;
}

type Flow = { readonly projectName: string; readonly flowId: string };
type Refusal = (flow: Flow, details: ErrorDetails) => JsonObject;

/** Azkaban does not tell a missing permission from a missing project here. */
const noProject: Refusal = ({ projectName }) => ({
  project: projectName,
  error: `Project '${projectName}' doesn't exist.`,
});

const REFUSALS: Partial<Readonly<Record<ErrorCode, Refusal>>> = {
  'project.not-found': noProject,
  'project.removed': noProject,
  'permission.missing': noProject,
  'flow.not-found': ({ projectName, flowId }) => ({
    project: projectName,
    error: `Flow '${flowId}' cannot be found in project ${projectName}`,
    flow: flowId,
  }),
  'execution.bad-options': ({ projectName, flowId }, { reason }) => ({
    project: projectName,
    error: `Error parsing flow options: ${reason}`,
    flow: flowId,
  }),
  'flow.locked': (flow, { message = `Flow ${flow.flowId} for project ${flow.projectName} is locked.` }) =>
    withMessage(flow, String(message)),
  'job.not-found': ({ projectName, flowId }, { job }) => ({
    project: projectName,
    error: `Job ${job} not found in flow ${flowId}`,
    flow: flowId,
  }),
  'execution.queue-full': (flow) =>
    withMessage(
      flow,
      `Failed to submit ${flow.flowId} for project ${flow.projectName}. Azkaban has overrun its webserver queue capacity`,
    ),
};

export function renderRefusal(error: DomainError, flow: Flow): JsonObject {
  const known = REFUSALS[error.code];
  if (known !== undefined) return known(flow, error.details);
  const text = `Error submitting flow ${flow.flowId}. ${error.message}`;
  return { project: flow.projectName, error: text, flow: flow.flowId, execid: -1 };
}

/** Azkaban puts these two under `message` only, where no client looks for a failure; so both keys. */
function withMessage({ projectName, flowId }: Flow, text: string): JsonObject {
  return { project: projectName, message: text, error: text, flow: flowId, execid: -1 };
}
