import type { DisabledJob, ExecutionOptions } from '@lockstep/domain';
import type { JsonObject, JsonValue } from '../../kit/pretty-json.js';
import type { AjaxCall, ExecutionCall } from '../ajax-action.js';
import { failureActionWord } from './request-words.js';

/** `flowInfo` of a flow: whom it mails. */
export async function flowInfo({ parameters, services, user }: AjaxCall): Promise<JsonObject> {
  const flowId = parameters.required('flow');
  const project = await services.projects.find(parameters.required('project'));
  services.projects.assertCan(user, 'READ', project);
  const { failureEmails, successEmails } = await services.projects.flow(user, project, flowId);
  return { failureEmails, successEmails };
}

/** `flowInfo` of an execution: the options it was started with and how its top-level nodes stand. */
export async function flowInfoOfExecution({ executionId, services, user }: ExecutionCall): Promise<JsonObject> {
  const { execution, plan, current } = await services.executions.detail(user, executionId);
  const project = await services.projects.find(execution.projectName);
  const flow = await services.projects.flow(user, project, execution.flowId);
  const { options } = execution;
  const nodeStatus = (plan.nodes[0]?.children ?? []).map(
    (index) => [plan.nodes[index]?.id ?? '', current[index]?.status] as const,
  );
  return {
    flowParam: new Map(Object.entries(options.flowParameters)),
    failureAction: failureActionWord(options.failureAction),
    notifyFailureFirst: options.notifyOnFirstFailure,
    pipelineExecution: options.pipelineExecutionId ?? null,
    queueLevel: options.queueLevel,
    nodeStatus: new Map(nodeStatus),
    pipelineLevel: options.pipelineLevel ?? null,
    successEmailsOverride: options.successEmailsOverridden,
    notifyFailureLast: options.notifyOnLastFailure,
    failureEmails: options.failureEmailsOverridden ? options.failureEmails : flow.failureEmails,
    runtimeProperties: renderRuntimeProperties(options),
    disabled: options.disabledJobs.map(renderDisabledJob),
    concurrentOptions: options.concurrentOption,
    successEmails: options.successEmailsOverridden ? options.successEmails : flow.successEmails,
    failureEmailsOverride: options.failureEmailsOverridden,
  };
}

/** Flow parameters appear as properties of `ROOT`, which is how a request may give them. */
function renderRuntimeProperties({ flowParameters, runtimeProperties }: ExecutionOptions): JsonValue {
  const byNode = new Map<string, JsonValue>();
  if (Object.keys(flowParameters).length > 0) byNode.set('ROOT', new Map(Object.entries(flowParameters)));
  for (const [node, properties] of Object.entries(runtimeProperties)) {
    byNode.set(node, new Map(Object.entries(properties)));
  }
  return byNode;
}

/** The form of current releases; requests take it back (see `parseDisabledJobs`). */
function renderDisabledJob({ id, children }: DisabledJob): JsonObject {
  return { name: id, children: children?.map(renderDisabledJob) ?? null, embeddedFlow: children !== undefined };
}
