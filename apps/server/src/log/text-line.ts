const LEVEL_NAMES: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};

interface Entry {
  readonly level: number;
  readonly time: string;
  readonly msg?: string;
  readonly err?: { readonly stack?: string; readonly message?: string };
  readonly [field: string]: unknown;
}

/** One JSON line of pino as a line for people: time, level, message, fields, and below it the stack of an error. */
export function textLine(json: string): string {
  const { level, time, msg = '', err, ...fields } = JSON.parse(json) as Entry;
  const words = [time, (LEVEL_NAMES[level] ?? String(level)).padEnd(5), msg, ...Object.entries(fields).map(field)];
  const stack = err ? `\n    ${(err.stack ?? err.message ?? JSON.stringify(err)).replaceAll('\n', '\n    ')}` : '';
  return `${words.filter((word) => word !== '').join(' ')}${stack}\n`;
}

function field([name, value]: [string, unknown]): string {
  return `${name}=${typeof value === 'string' && /^\S+$/.test(value) ? value : JSON.stringify(value)}`;
}
