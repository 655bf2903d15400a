import { DomainError } from '@lockstep/domain';
import type { JsonObject } from '../../kit/pretty-json.js';
import { EXECUTION_ACTIONS, EXECUTION_LOG_ACTIONS, EXECUTOR_ACTIONS } from '../actions.js';
import type { AjaxAction, AjaxCall } from '../ajax-action.js';
import type { UserExchange } from '../exchange.js';
import { EXECUTOR_TEXTS, wording } from '../messages.js';
import { sendJson, sendUtf8Json } from '../reply.js';

const ABOUT_EXECUTION = new Map(
  [...EXECUTION_ACTIONS, ...EXECUTION_LOG_ACTIONS].map((action) => [action.name, action]),
);
const LOGS: ReadonlySet<string> = new Set(EXECUTION_LOG_ACTIONS.map(({ name }) => name));
const OTHERS = new Map(EXECUTOR_ACTIONS.map((action) => [action.name, action]));

/** `ajax=` of `/executor`: with `execid` about that execution, else about a project's flow. Failures are 200 with `error`. */
export async function executorAjax(exchange: UserExchange): Promise<void> {
  const { parameters, response } = exchange;
  const ajax = parameters.required('ajax');
  const body = parameters.has('execid') ? await aboutExecution(exchange, ajax) : await others(exchange, ajax);
  if (LOGS.has(ajax) && parameters.has('execid')) sendUtf8Json(response, body);
  else sendJson(response, body);
}

async function aboutExecution(exchange: UserExchange, ajax: string): Promise<JsonObject> {
  const executionId = exchange.parameters.requiredInt('execid');
  const action = ABOUT_EXECUTION.get(ajax);
  return action === undefined ? {} : run(action, { ...exchange, executionId });
}

async function others(exchange: UserExchange, ajax: string): Promise<JsonObject> {
  const action = OTHERS.get(ajax);
  return action === undefined ? { project: exchange.parameters.required('project') } : run(action, exchange);
}

async function run<Call extends AjaxCall>(action: AjaxAction<Call>, call: Call): Promise<JsonObject> {
  try {
    return await action.run(call);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { error: wording(error, action.errors, EXECUTOR_TEXTS) };
  }
}
