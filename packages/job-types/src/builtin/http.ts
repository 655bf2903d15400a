import { appendFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Properties } from '@lockstep/domain';
import { propertyOf, readDuration, readInteger } from '@lockstep/props';
import type { AttemptContext, AttemptResult, JobType } from '../job-type.js';
import { createSecretMask } from '../process/secret-mask.js';
import { parseStatusRanges } from './http-status-ranges.js';
import type { StatusRange } from './http-status-ranges.js';
import { HttpOutputError, httpOutputs } from './http-outputs.js';

/** What the type reads from the job. */
interface HttpRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | undefined;
  readonly expected: readonly StatusRange[];
  readonly timeoutMs: number;
  /** Further tries when there is no answer, or one of 429 or 5xx that is not expected. */
  readonly retries: number;
  readonly retryWaitMs: number;
}

const HEADER_PREFIX = 'http.header.';
/** A larger answer fails the job: it would have to be held in memory. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Sends one HTTP request. `http.url` (required), `http.method` (GET), `http.header.<Name>`, `http.body`,
 * `http.expected.status` (`200-299`; a list such as `200,204,300-399`), `http.timeout` (60s, for one try),
 * `http.retries` (0) with `http.retry.wait` (1s) between. The body of the answer goes to the job's log. Outputs:
 * `http.status`, and one property for each `http.output.<name>` (see `httpOutputs`).
 */
export function createHttpJobType(): JobType {
  return {
    name: 'http',
    check: (properties) => {
      const request = readRequest(properties);
      return typeof request === 'string' ? request : undefined;
    },
    run: async (context) => {
      const request = readRequest(context.properties);
      return typeof request === 'string' ? failed(request) : runTries(context, request);
    },
  };
}

function readRequest(properties: Properties): HttpRequest | string {
  const url = propertyOf(properties, 'http.url');
  if (url === undefined) return "Job set up failed: Missing required property 'http.url'";
  if (!URL.canParse(url)) return `The property http.url is not an absolute URL: ${url}`;
  try {
    return {
      url: new URL(url),
      method: (propertyOf(properties, 'http.method') ?? 'GET').toUpperCase(),
      headers: readHeaders(properties),
      body: propertyOf(properties, 'http.body'),
      expected: parseStatusRanges(propertyOf(properties, 'http.expected.status') ?? '200-299'),
      timeoutMs: readDuration(properties, 'http.timeout', 60_000),
      retries: readInteger(properties, 'http.retries', 0),
      retryWaitMs: readDuration(properties, 'http.retry.wait', 1_000),
    };
  } catch (error) {
    return messageOf(error);
  }
}

function readHeaders(properties: Properties): Headers {
  const headers = new Headers();
  for (const key of Object.keys(properties)) {
    if (key.startsWith(HEADER_PREFIX)) headers.set(key.slice(HEADER_PREFIX.length), properties[key] ?? '');
  }
  return headers;
}

async function runTries(context: AttemptContext, request: HttpRequest): Promise<AttemptResult> {
  const { log, signal } = context;
  const mask = createSecretMask(context.properties);
  log('INFO', mask.text(`Request: ${request.method} ${request.url.href}`));
  for (let tries = 0; ; tries++) {
    if (signal.aborted) return failed('The job was killed.');
    const end = await tryOnce(context, request);
    if (end.result === 'answered' && isExpected(request, end.status)) return succeeded(context, end);
    if (signal.aborted) return failed('The job was killed.');
    const reason = mask.text(end.result === 'answered' ? unexpected(request, end.status) : end.reason);
    const mayRetry = end.result === 'no-answer' || end.status === 429 || end.status >= 500;
    if (!mayRetry || tries >= request.retries) return failed(reason);
    log('WARN', `${reason} Try ${tries + 2} of ${request.retries + 1} follows in ${request.retryWaitMs} ms.`);
    await wait(request.retryWaitMs, undefined, { signal }).catch(() => undefined);
  }
}

type HttpEnd =
  | { readonly result: 'answered'; readonly status: number; readonly headers: Headers; readonly body: string }
  | { readonly result: 'no-answer'; readonly reason: string };

async function tryOnce(
  context: AttemptContext,
  { url, method, headers, body, timeoutMs }: HttpRequest,
): Promise<HttpEnd> {
  const startedAt = context.clock.now();
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs)]),
    });
    const bytes = await readBody(response);
    const took = context.clock.now() - startedAt;
    context.log('INFO', `Answer: ${response.status} ${response.statusText}, ${bytes.length} bytes in ${took} ms.`);
    if (bytes.length > 0) appendFileSync(context.outputFile, bytes, { mode: 0o600 });
    return { result: 'answered', status: response.status, headers: response.headers, body: bytes.toString('utf8') };
  } catch (error) {
    const timedOut = (error as { readonly name?: unknown } | undefined)?.name === 'TimeoutError';
    const reason = timedOut ? `no answer within ${timeoutMs} ms` : messageOf(error);
    return { result: 'no-answer', reason: `${method} ${url.href} failed: ${reason}.` };
  }
}

async function readBody(response: Response): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += (piece as Uint8Array).length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`the answer is larger than ${MAX_BODY_BYTES} bytes`);
    pieces.push(piece as Uint8Array);
  }
  return Buffer.concat(pieces);
}

function isExpected({ expected }: HttpRequest, status: number): boolean {
  return expected.some(({ from, to }) => from <= status && status <= to);
}

function unexpected({ method, url, expected }: HttpRequest, status: number): string {
  const ranges = expected.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
  return `${method} ${url.href} was answered with status ${status}; expected is ${ranges}.`;
}

function succeeded({ properties }: AttemptContext, answer: Extract<HttpEnd, { result: 'answered' }>): AttemptResult {
  try {
    return { result: 'succeeded', outputs: httpOutputs(properties, answer) };
  } catch (error) {
    if (error instanceof HttpOutputError) return failed(error.message);
    throw error;
  }
}

function failed(reason: string): AttemptResult {
  return { result: 'failed', reason };
}

/** `fetch` hides what happened in the cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
