import { DomainError, type ErrorCode, type ErrorDetails, type ExecutionOptions } from '@lockstep/domain';
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
    const { execution, concurrentWith } = await services.executions.submit(user, { ...request, options });
    const note = concurrencyNote(flowId, execution.options, concurrentWith);
    const message = `${note}Execution queued successfully with exec id ${execution.id}`;
    return { project: projectName, message, flow: flowId, execid: execution.id };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return refusal(error, request);
  }
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
  'flow.locked': (flow) => withMessage(flow, `Flow ${flow.flowId} for project ${flow.projectName} is locked.`),
  'execution.queue-full': (flow) =>
    withMessage(
      flow,
      `Failed to submit ${flow.flowId} for project ${flow.projectName}. Azkaban has overrun its webserver queue capacity`,
    ),
};

function refusal(error: DomainError, flow: Flow): JsonObject {
  const known = REFUSALS[error.code];
  if (known !== undefined) return known(flow, error.details);
  const text = `Error submitting flow ${flow.flowId}. ${error.message}`;
  return { project: flow.projectName, error: text, flow: flow.flowId, execid: -1 };
}

/** Azkaban puts these two under `message` only, where no client looks for a failure; so both keys. */
function withMessage({ projectName, flowId }: Flow, text: string): JsonObject {
  return { project: projectName, message: text, error: text, flow: flowId, execid: -1 };
}
