import type { UserExchange } from '../exchange.js';
import { sendEmpty } from '../reply.js';
import { executionPage } from './execution-page.js';
import { executionsPage } from './executions-page.js';
import { executorAjax } from './executor-ajax.js';

export async function executorGet(exchange: UserExchange): Promise<void> {
  const { parameters } = exchange;
  if (parameters.has('ajax')) return executorAjax(exchange);
  return parameters.has('execid') ? executionPage(exchange) : executionsPage(exchange);
}

export async function executorPost(exchange: UserExchange): Promise<void> {
  if (exchange.parameters.has('ajax')) await executorAjax(exchange);
  else sendEmpty(exchange.response);
}
