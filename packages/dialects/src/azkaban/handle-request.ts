import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCookies } from '../kit/cookies.js';
import { parseFormEncoding } from '../kit/form-encoding.js';
import { isMultipart, receiveMultipart } from '../kit/multipart/receive-multipart.js';
import { Parameters } from '../kit/parameters.js';
import { readBody } from '../kit/read-body.js';
import { RequestFault } from '../kit/request-fault.js';
import type { Environment, Exchange } from './exchange.js';
import { handleMultipartForm } from './manager/handle-multipart-form.js';
import { isStaticPath, sendStaticFile } from './pages/static-files.js';
import { sendEmpty, sendJson } from './reply.js';
import { routeGet, routePost } from './routes.js';
import { type Identification, identifyBySession, identifyBySessionOrPassword } from './session/identify.js';
import { login } from './session/login.js';
import { logout } from './session/logout.js';
import { refuseCredentials, refuseGet, refuseMultipart, refusePasswordInQuery, refusePost } from './session/refuse.js';
import { sendStatus } from './status/send-status.js';

/** One request from its first line to the end of its answer. Faults of the request are thrown as `RequestFault`. */
export async function handleRequest(
  environment: Environment,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const exchange = openExchange(environment, request, response);
  const isPost = request.method === 'POST';
  if (!isPost && request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'DELETE') {
    response.setHeader('Allow', 'GET, HEAD, POST');
    sendEmpty(response, 405);
  } else if (!isPost && isStaticPath(exchange.path)) {
    sendStaticFile(response, exchange.path);
  } else if (exchange.path === '/status') {
    await sendStatus(exchange);
  } else if (isPost) {
    await handlePost(exchange);
  } else {
    await handleGet(await withForm(exchange));
  }
}

function openExchange(environment: Environment, request: IncomingMessage, response: ServerResponse): Exchange {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const query = parseFormEncoding(mark === -1 ? '' : url.slice(mark + 1));
  // Without the path parameters of servlet containers (`;jsessionid=…`) and trailing slashes.
  const path = (mark === -1 ? url : url.slice(0, mark)).replace(/;[^/]*/g, '').replace(/\/+$/, '') || '/';
  return {
    ...environment,
    request,
    response,
    path,
    query,
    parameters: Parameters.merge(query),
    cookies: parseCookies(request.headers.cookie),
  };
}

async function handleGet(exchange: Exchange): Promise<void> {
  if (exchange.parameters.has('logout')) return logout(exchange);
  const who = await identifyBySession(exchange);
  if (who.result !== 'user') return refuseGet(exchange);
  return routeGet({ ...exchange, user: who.user });
}

/** The order of the checks is Azkaban's: a client can see it. */
async function handlePost(received: Exchange): Promise<void> {
  if (hasPasswordInQuery(received)) return refusePasswordInQuery(received);
  if (isMultipart(received.request)) return handleMultipart(received);
  const exchange = await withForm(received);
  if (exchange.parameters.get('action') === 'login') return login(exchange);
  const who = await identifyBySessionOrPassword(exchange);
  if (who.result !== 'user') return refuse(exchange, who, refusePost);
  return routePost({ ...exchange, user: who.user });
}

async function handleMultipart(exchange: Exchange): Promise<void> {
  try {
    await takeMultipart(exchange);
  } catch (error) {
    // A body that cannot be read is the client's mistake, and upload clients read JSON.
    if (!(error instanceof RequestFault) || error.status >= 500) throw error;
    sendJson(exchange.response, { error: `Installation Failed.<br>${error.message}` }, error.status);
  }
}

function takeMultipart(exchange: Exchange): Promise<void> {
  const { options, query, request } = exchange;
  const limits = {
    maxTextBytes: options.maxFormBytes,
    ...(options.maxUploadBytes !== undefined && { maxFileBytes: options.maxUploadBytes }),
  };
  return receiveMultipart(request, { fileField: 'file', tempDir: options.tempDir, limits }, async (form) => {
    const withParts = { ...exchange, parameters: Parameters.merge(query, form.fields) };
    const who = await identifyBySessionOrPassword(withParts);
    if (who.result !== 'user') return refuse(withParts, who, refuseMultipart);
    return handleMultipartForm({ ...withParts, user: who.user }, form);
  });
}

function refuse(
  exchange: Exchange,
  who: Exclude<Identification, { result: 'user' }>,
  refuseNobody: (exchange: Exchange) => void,
): void {
  if (who.result === 'refused') refuseCredentials(exchange, who.reason);
  else refuseNobody(exchange);
}

/** The raw text is what Azkaban looks for; a name written in percent signs must not slip through either. */
function hasPasswordInQuery({ request, query }: Exchange): boolean {
  const mark = request.url?.indexOf('?') ?? -1;
  return mark !== -1 && (request.url?.includes('password=', mark) === true || Boolean(query.get('password')));
}

/** With the parameters of a form body, which may come with any method; the query's value wins. */
async function withForm(exchange: Exchange): Promise<Exchange> {
  const { options, query, request } = exchange;
  if (!/^application\/x-www-form-urlencoded/i.test(request.headers['content-type'] ?? '')) return exchange;
  const body = await readBody(request, { maxBytes: options.maxFormBytes });
  return { ...exchange, parameters: Parameters.merge(query, parseFormEncoding(body)) };
}
