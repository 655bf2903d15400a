/** What one field of a Quartz expression may hold. */
export interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Largest step after a `/`. */
  readonly maxStep: number;
  /** Names in the order of their numbers, the first one standing for `min`. */
  readonly names: readonly string[];
  /** The two day fields know `L` and `?`. */
  readonly daysHaveL: boolean;
}

/** Years have no upper bound of their own here: the search for a next time ends it. */
export const FIELDS = {
  second: { name: 'second', min: 0, max: 59, maxStep: 59, names: [], daysHaveL: false },
  minute: { name: 'minute', min: 0, max: 59, maxStep: 59, names: [], daysHaveL: false },
  hour: { name: 'hour', min: 0, max: 23, maxStep: 23, names: [], daysHaveL: false },
  dayOfMonth: { name: 'day-of-month', min: 1, max: 31, maxStep: 31, names: [], daysHaveL: true },
  month: {
    name: 'month',
    min: 1,
    max: 12,
    maxStep: 12,
    names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
    daysHaveL: false,
  },
  dayOfWeek: {
    name: 'day-of-week',
    min: 1,
    max: 7,
    maxStep: 7,
    names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
    daysHaveL: true,
  },
  year: { name: 'year', min: 1970, max: Infinity, maxStep: Infinity, names: [], daysHaveL: false },
} as const satisfies Record<string, Field>;

export function numberOfName(field: Field, name: string): number | undefined {
  const index = field.names.indexOf(name);
  return index === -1 ? undefined : field.min + index;
}

export function describeRange(field: Field): string {
  const names = field.names.length > 0 ? ` or ${field.names[0]}-${field.names.at(-1)}` : '';
  return field.max === Infinity ? `years from ${field.min}` : `${field.min}-${field.max}${names}`;
}
