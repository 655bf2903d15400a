import { INDEX_ACTIONS } from '../actions.js';
import type { UserExchange } from '../exchange.js';
import { sendEmpty, sendJson } from '../reply.js';
import { searchPage } from './search-page.js';
import { projectListPage } from './project-list-page.js';

const ACTIONS = new Map(INDEX_ACTIONS.map((action) => [action.name, action]));

export async function indexGet(exchange: UserExchange): Promise<void> {
  const ajax = exchange.parameters.get('ajax');
  if (ajax !== undefined) return indexAjax(exchange, ajax);
  if (!exchange.parameters.has('doaction')) return projectListPage(exchange);
  return exchange.parameters.get('doaction') === 'search' ? searchPage(exchange) : sendEmpty(exchange.response);
}

/** Azkaban answers ajax calls of this path by GET only; clients send them by POST as well. */
export async function indexPost(exchange: UserExchange): Promise<void> {
  const ajax = exchange.parameters.get('ajax');
  if (ajax === undefined) sendEmpty(exchange.response);
  else await indexAjax(exchange, ajax);
}

async function indexAjax(exchange: UserExchange, ajax: string): Promise<void> {
  sendJson(exchange.response, (await ACTIONS.get(ajax)?.run(exchange)) ?? {});
}
