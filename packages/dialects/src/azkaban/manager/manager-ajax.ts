import { DomainError, type Project } from '@lockstep/domain';
import type { JsonObject } from '../../kit/pretty-json.js';
import { MANAGER_ACTIONS } from '../actions.js';
import type { UserExchange } from '../exchange.js';
import { MANAGER_TEXTS, wording } from '../messages.js';
import { sendJson } from '../reply.js';

const ACTIONS = new Map(MANAGER_ACTIONS.map((action) => [action.name, action]));

/** `ajax=` of `/manager`: finds the project, asks for the action's permission, runs it; failures are 200 with `error`. */
export async function managerAjax(exchange: UserExchange): Promise<void> {
  const ajax = exchange.parameters.required('ajax');
  const projectName = exchange.parameters.required('project');
  sendJson(exchange.response, await answer(exchange, { ajax, projectName }));
}

async function answer(
  exchange: UserExchange,
  { ajax, projectName }: { ajax: string; projectName: string },
): Promise<JsonObject> {
  const { services, user } = exchange;
  const action = ACTIONS.get(ajax);
  let project: Project | undefined;
  try {
    project = await services.projects.find(projectName);
    if (action === undefined) return failure(project, `Cannot execute command ${ajax}`);
    if (action.permission !== undefined) services.projects.assertCan(user, action.permission, project);
    return await action.run({ ...exchange, project });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const text = wording(error, action?.errors, MANAGER_TEXTS);
    return project === undefined ? { project: projectName, error: text } : failure(project, text);
  }
}

function failure(project: Project, error: string): JsonObject {
  return { project: project.name, error, projectId: project.id };
}
