import type { UserExchange } from './exchange.js';
import { executorGet, executorPost } from './executor/executor-routes.js';
import { indexGet, indexPost } from './index/index-routes.js';
import { managerGet, managerPost } from './manager/manager-routes.js';
import { sendPlainPage } from './pages/plain-page.js';
import { redirect, sendEmpty, sendJson } from './reply.js';

interface Route {
  readonly get: (exchange: UserExchange) => Promise<void> | void;
  readonly post: (exchange: UserExchange) => Promise<void> | void;
}

/** The paths of the API. Every other path leads to the start page. */
const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/index', { get: indexGet, post: indexPost }],
  ['/manager', { get: managerGet, post: managerPost }],
  ['/executor', { get: executorGet, post: executorPost }],
  ['/schedule', { get: emptyAjaxOrPage, post: sendEmptyObject }],
  ['/history', { get: emptyAjaxOrPage, post: emptyAjaxOrNothing }],
  ['/flowtrigger', { get: emptyAjaxOrPage, post: emptyAjaxOrNothing }],
  ['/flowtriggerinstance', { get: emptyAjaxOrPage, post: emptyAjaxOrNothing }],
  ['/triggers', { get: emptyAjaxOrPage, post: emptyAjaxOrNothing }],
]);

export async function routeGet(exchange: UserExchange): Promise<void> {
  if (exchange.request.method === 'DELETE') {
    exchange.response.setHeader('Allow', 'GET, HEAD, POST');
    sendEmpty(exchange.response, 405);
    return;
  }
  await (ROUTES.get(exchange.path)?.get ?? toStartPage)(exchange);
}

export async function routePost(exchange: UserExchange): Promise<void> {
  await (ROUTES.get(exchange.path)?.post ?? toStartPage)(exchange);
}

function toStartPage({ request, response, options }: UserExchange): void {
  redirect(request, response, options.defaultServletPath);
}

function sendEmptyObject({ response }: UserExchange): void {
  sendJson(response, {});
}

/** What Azkaban answers an ajax name these paths do not know. */
function emptyAjaxOrPage(exchange: UserExchange): void {
  if (exchange.parameters.has('ajax')) sendJson(exchange.response, {});
  else sendPlainPage(exchange, { title: exchange.path.slice(1) });
}

function emptyAjaxOrNothing(exchange: UserExchange): void {
  if (exchange.parameters.has('ajax')) sendJson(exchange.response, {});
  else sendEmpty(exchange.response);
}
