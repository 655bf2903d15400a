import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http';
import { connect } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, with no content type of its own. */
  readonly body?: string | Buffer;
  /** A form body: as it stands, or encoded from names and values. */
  readonly form?: string | Parameters;
}

export type Parameters = Readonly<Record<string, string | number>>;

/** An object as JSON.parse gives it; tests look into it by `toMatchObject` and the like. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The HTTP API of one server, as a client sees it: bytes out, bytes in, one connection per call. */
export interface AzkabanApi {
  readonly url: string;
  call(path: string, call?: Call): Promise<Answer>;
  /** A call that must answer JSON. */
  json(path: string, call?: Call): Promise<JsonObject>;
  /** Sends the bytes on a connection of its own; resolves to everything that comes back until the server closes it. */
  raw(bytes: string | Buffer): Promise<string>;
  /** A session id. */
  login(user?: string, password?: string): Promise<string>;
}

export function createAzkabanApi(url: string): AzkabanApi {
  const { hostname, port } = new URL(url);
  const call: AzkabanApi['call'] = (path, options) => send({ hostname, port, path }, options);
  const json: AzkabanApi['json'] = async (path, options) => parsed(await call(path, options), path);
  return {
    url,
    call,
    json,
    raw: (bytes) => exchangeBytes({ host: hostname, port: Number(port) }, bytes),
    async login(user = 'azkaban', password = user) {
      const answer = await json('/', { form: { action: 'login', username: user, password } });
      const id = answer['session.id'];
      if (typeof id !== 'string') throw new Error(`No session for ${user}: ${JSON.stringify(answer)}`);
      return id;
    },
  };
}

/** Percent-encoded, as browsers and libraries do. */
export function encoded(parameters: Parameters): string {
  return new URLSearchParams(
    Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
}

const FORM_TYPE = { 'Content-Type': 'application/x-www-form-urlencoded' };

async function send(
  target: { readonly hostname: string; readonly port: string; readonly path: string },
  { method, headers = {}, body, form }: Call = {},
): Promise<Answer> {
  const text = form === undefined ? undefined : typeof form === 'string' ? form : encoded(form);
  const payload = body ?? text;
  const request = httpRequest({
    ...target,
    agent: false,
    method: method ?? (payload === undefined ? 'GET' : 'POST'),
    headers: { ...(form === undefined ? {} : FORM_TYPE), ...headers },
  });
  request.end(payload);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const { statusCode: status = 0, headers: answered } = response;
  return { status, headers: answered, text: Buffer.concat(chunks).toString('utf8') };
}

function parsed(answer: Answer, path: string): JsonObject {
  try {
    return JSON.parse(answer.text) as JsonObject;
  } catch (cause) {
    throw new Error(`${path} answered ${answer.status}, not JSON: ${answer.text.slice(0, 500)}`, { cause });
  }
}

async function exchangeBytes(address: { host: string; port: number }, bytes: string | Buffer): Promise<string> {
  const socket = connect(address);
  socket.write(bytes);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
