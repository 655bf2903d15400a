import { readFileSync, statSync } from 'node:fs';
import type { Properties } from '@lockstep/domain';

export type OutputProperties =
  | { readonly result: 'read'; readonly outputs: Properties }
  /** The job does not fail for it; `reason` is a sentence for its log. */
  | { readonly result: 'dropped'; readonly reason: string };

/** What a job hands on lies in memory and in the database for each of its successors. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Reads what a job has written into JOB_OUTPUT_PROP_FILE: a flat JSON object, or nothing. */
export function readOutputProperties(file: string): OutputProperties {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return { result: 'read', outputs: {} };
  if (size > MAX_BYTES) return dropped(`they have ${size} bytes; the limit is ${MAX_BYTES}`);
  try {
    return parseOutputProperties(readFileSync(file, 'utf8'));
  } catch (error) {
    return dropped(`the file cannot be read: ${(error as Error).message}`);
  }
}

/**
 * Every value becomes text: strings as they are, everything else as it is written in the file without blanks between the
 * tokens, so that long numbers keep their digits. A null anywhere on the first level drops them all, as in Azkaban.
 */
export function parseOutputProperties(json: string): OutputProperties {
  if (json.trim() === '') return { result: 'read', outputs: {} };
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    return dropped(`they are not valid JSON: ${(error as Error).message}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return dropped('they must be one JSON object, such as {"rows": "42"}');
  }
  const outputs = Object.create(null) as Record<string, string>;
  const sources = memberSources(json);
  for (const [key, value] of Object.entries(parsed)) {
    if (value === null) return dropped(`the value of "${key}" is null`);
    outputs[key] = typeof value === 'string' ? value : (sources.get(key) ?? JSON.stringify(value));
  }
  return { result: 'read', outputs };
}

function dropped(reason: string): OutputProperties {
  return { result: 'dropped', reason: `The output properties are ignored: ${reason}.` };
}

/** A string, a punctuation mark, or a number or word. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** The source of each member of a valid JSON object, blanks removed. */
function memberSources(json: string): Map<string, string> {
  const sources = new Map<string, string>();
  let depth = 0;
  let key: string | undefined;
  let source = '';
  for (const [token] of json.matchAll(TOKEN)) {
    const closes = token === '}' || token === ']';
    if (depth === 1 && (token === ',' || closes)) {
      if (key !== undefined) sources.set(key, source);
      key = undefined;
    } else if (depth === 1 && key === undefined) {
      key = JSON.parse(token) as string;
      source = '';
    } else if (!(depth === 1 && token === ':')) {
      source += token;
    }
    if (token === '{' || token === '[') depth += 1;
    if (closes) depth -= 1;
  }
  return sources;
}
