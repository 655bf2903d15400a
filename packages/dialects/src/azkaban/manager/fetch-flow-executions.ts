import type { Execution } from '@lockstep/domain';
import type { JsonObject } from '../../kit/pretty-json.js';
import type { ManagerCall } from '../ajax-action.js';
import { timeOrUnset } from '../time-or-unset.js';

/** Executions of a flow, newest first. `length` and `from` repeat the request; an unknown flow has none. */
export async function fetchFlowExecutions({ parameters, project, services, user }: ManagerCall): Promise<JsonObject> {
  const flowId = parameters.required('flow');
  const start = parameters.requiredInt('start');
  const length = parameters.requiredInt('length');
  const { total, executions } = await services.executions.listOfFlow(
    user,
    { projectName: project.name, flowId },
    { start: Math.max(start, 0), length: Math.max(length, 0) },
  );
  return {
    total,
    executions: executions.map(renderRow),
    length,
    project: project.name,
    from: start,
    projectId: project.id,
    flow: flowId,
  };
}

function renderRow(execution: Execution): JsonObject {
  return {
    submitTime: execution.submittedAt,
    submitUser: execution.submitUser,
    startTime: timeOrUnset(execution.startedAt),
    endTime: timeOrUnset(execution.endedAt),
    flowId: execution.flowId,
    projectId: execution.projectId,
    execId: execution.id,
    status: execution.status,
  };
}
