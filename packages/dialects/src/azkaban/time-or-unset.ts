/** A time on the wire: milliseconds, or -1 for what has not happened. Never 0, which clients read as 1970. */
export function timeOrUnset(at: number | undefined): number {
  return at === undefined || at <= 0 ? -1 : at;
}
