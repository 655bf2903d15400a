/**
 * Parsers of setting texts. Each throws an Error whose message continues the sentence `LOCKSTEP_X is "…": ` — what is
 * wrong and what would be right.
 */

export function text(value: string): string {
  if (value === '') throw new Error('it must not be empty');
  return value;
}

export function flag(value: string): boolean {
  const word = value.toLowerCase();
  if (['true', 'yes', 'on', '1'].includes(word)) return true;
  if (['false', 'no', 'off', '0'].includes(word)) return false;
  throw new Error('it must be true or false');
}

export function port(value: string): number {
  return wholeNumber({ from: 0, to: 65_535, meaning: 'a port number' })(value);
}

export function wholeNumber(range: { from: number; to?: number; meaning?: string }): (value: string) => number {
  const { from, to = Number.MAX_SAFE_INTEGER, meaning = 'a whole number' } = range;
  const limits = to === Number.MAX_SAFE_INTEGER ? `of at least ${from}` : `from ${from} to ${to}`;
  return (value) => {
    const number = /^-?\d+$/.test(value) ? Number(value) : NaN;
    if (!(number >= from && number <= to)) throw new Error(`it must be ${meaning} ${limits}`);
    return number;
  };
}

const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds, or a number with a unit: `1500`, `2s`, `10m`, `10h`, `30d`. */
export function duration(value: string): number {
  const match = /^(\d+(?:\.\d+)?) ?(ms|s|m|h|d)?$/.exec(value);
  if (!match)
    throw new Error('it must be a duration such as 500ms, 2s, 10m, 12h or 30d (a bare number is milliseconds)');
  return Math.round(Number(match[1]) * MILLISECONDS[(match[2] ?? 'ms') as keyof typeof MILLISECONDS]);
}

const BYTES = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 } as const;

/** A size in `bareUnit` (when no unit is written) or with its unit: `512KB`, `10MB`, `2GB`. Returns bytes. */
export function size(bareUnit: keyof typeof BYTES): (value: string) => number {
  return (value) => {
    const match = /^(\d+(?:\.\d+)?) ?([kmg]?b)?$/i.exec(value);
    if (!match) {
      throw new Error(`it must be a size such as 512KB, 10MB or 2GB (a bare number is ${bareUnit.toUpperCase()})`);
    }
    return Math.round(Number(match[1]) * BYTES[(match[2]?.toLowerCase() ?? bareUnit) as keyof typeof BYTES]);
  };
}

export function url(schemes: readonly string[], example: string): (value: string) => string {
  return (value) => {
    const wanted = `it must be a URL such as ${example}`;
    if (!URL.canParse(value)) throw new Error(wanted);
    if (!schemes.includes(new URL(value).protocol)) throw new Error(wanted);
    return value;
  };
}

export function timeZone(value: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    throw new Error('it must be a time zone such as Europe/Berlin or UTC');
  }
}

export function oneOf<const Word extends string>(words: readonly Word[]): (value: string) => Word {
  return (value) => {
    const word = words.find((candidate) => candidate === value.toLowerCase());
    if (!word) throw new Error(`it must be one of ${words.join(', ')}`);
    return word;
  };
}

export interface RunsPerFlowException {
  readonly project: string;
  readonly flow: string;
  readonly limit: number;
}

/** `PROJECT,FLOW,NUMBER;…` (Azkaban's form); empty = none. */
export function runsPerFlowExceptions(value: string): readonly RunsPerFlowException[] {
  const entries = value.split(';').filter((entry) => entry.trim() !== '');
  return entries.map((entry) => {
    const [project = '', flow = '', limit = '', ...rest] = entry.split(',').map((part) => part.trim());
    if (project === '' || flow === '' || !/^\d+$/.test(limit) || rest.length > 0) {
      throw new Error(`"${entry.trim()}" is not of the form PROJECT,FLOW,NUMBER`);
    }
    return { project, flow, limit: Number(limit) };
  });
}
