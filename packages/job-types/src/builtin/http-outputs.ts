import type { Properties } from '@lockstep/domain';

/** An output that was asked for is not in the answer. */
export class HttpOutputError extends Error {
  override readonly name = 'HttpOutputError';
}

const OUTPUT_PREFIX = 'http.output.';
const HEADER_SOURCE = 'header:';

/**
 * The outputs of an http job: `http.status`, and for each property `http.output.<name>` what its value names:
 * `body` (the whole text), `header:<Name>`, or a path into a JSON body such as `$.items[0].id`. Text values are handed
 * on as they are, others as JSON. What is not there is an error: a successor would otherwise run with a hole.
 */
export function httpOutputs(
  properties: Properties,
  answer: { readonly status: number; readonly headers: Headers; readonly body: string },
): Properties {
  const outputs: Record<string, string> = { 'http.status': String(answer.status) };
  for (const key of Object.keys(properties)) {
    if (!key.startsWith(OUTPUT_PREFIX)) continue;
    const source = properties[key] ?? '';
    const value = valueOf(source, answer);
    if (value === undefined || value === null) {
      throw new HttpOutputError(`The output ${key}=${source} is not in the answer.`);
    }
    outputs[key.slice(OUTPUT_PREFIX.length)] = typeof value === 'string' ? value : JSON.stringify(value);
  }
  return outputs;
}

function valueOf(source: string, answer: { readonly headers: Headers; readonly body: string }): unknown {
  if (source === 'body') return answer.body;
  if (source.startsWith(HEADER_SOURCE)) return answer.headers.get(source.slice(HEADER_SOURCE.length).trim());
  if (source.startsWith('$')) return valueAt(parseJson(answer.body, source), source);
  throw new HttpOutputError(`The output source "${source}" is none of: body, header:<Name>, $.path.into.the[0].body`);
}

function parseJson(body: string, source: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new HttpOutputError(
      `The body is not JSON, so "${source}" cannot be read from it: ${(error as Error).message}`,
    );
  }
}

/** Steps of a path: `.name`, `[3]` or `["any name"]`. */
const STEP = /\.([\w-]+)|\[(\d+)\]|\["([^"]*)"\]/gy;

function valueAt(document: unknown, path: string): unknown {
  let value = document;
  let end = 1;
  for (const match of path.slice(1).matchAll(STEP)) {
    const step = match[1] ?? match[2] ?? match[3] ?? '';
    end += match[0].length;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  if (end !== path.length) throw new HttpOutputError(`The path "${path}" cannot be read from "${path.slice(end)}" on.`);
  return value;
}
