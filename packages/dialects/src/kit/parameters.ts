import { RequestFault, missingParameter } from './request-fault.js';

const INT_MIN = -(2 ** 31);
const INT_MAX = 2 ** 31 - 1;

/**
 * The parameters of one request, wherever they came from. Reading a required one that is missing or no number throws a
 * `RequestFault` in Azkaban's words; the readers with a default never throw.
 */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** Earlier sources win: give the query first, then the body. */
  static merge(...sources: readonly ReadonlyMap<string, string>[]): Parameters {
    const [only, ...others] = sources.filter((source) => source.size > 0);
    if (only === undefined || others.length === 0) return new Parameters(only ?? new Map());
    const merged = new Map(only);
    for (const source of others) {
      for (const [name, value] of source) if (!merged.has(name)) merged.set(name, value);
    }
    return new Parameters(merged);
  }

  /** An empty value counts as present. */
  has(name: string): boolean {
    return this.#values.has(name);
  }

  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  required(name: string): string {
    const value = this.#values.get(name);
    if (value === undefined) throw missingParameter(name);
    return value;
  }

  requiredInt(name: string): number {
    const text = this.required(name);
    const value = parseInteger(text);
    if (value === undefined || value < INT_MIN || value > INT_MAX) throw notANumber(text);
    return value;
  }

  requiredLong(name: string): number {
    const text = this.required(name);
    const value = parseInteger(text);
    if (value === undefined) throw notANumber(text);
    return value;
  }

  int(name: string, otherwise: number): number {
    const value = parseInteger(this.#values.get(name) ?? '');
    return value === undefined || value < INT_MIN || value > INT_MAX ? otherwise : value;
  }

  /** Any letter case of `true`; every other text is false. */
  boolean(name: string, otherwise: boolean): boolean {
    const value = this.#values.get(name);
    return value === undefined ? otherwise : value.toLowerCase() === 'true';
  }

  entries(): IterableIterator<[string, string]> {
    return this.#values.entries();
  }
}

/** What Java's parsers take: an optional sign and digits, nothing around them. */
function parseInteger(text: string): number | undefined {
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}

function notANumber(text: string): RequestFault {
  return new RequestFault(`For input string: "${text}"`);
}
