import { StartError } from '../start-error.js';

/** A database or Redis that does not do what it should, as a sentence without the password of its address. */
export function unusableService(
  what: string,
  { address, setting, cause }: { address: string | undefined; setting: string; cause: unknown },
): StartError {
  return new StartError(`${what}${place(address, setting)} cannot be used: ${reasonOf(cause)}`, { cause });
}

function place(address: string | undefined, setting: string): string {
  if (address === undefined) return '';
  const { protocol, host, pathname } = new URL(address);
  return ` at ${protocol}//${host}${pathname} (${setting})`;
}

/** A refused connection comes as an AggregateError without a message when the name has several addresses. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code || error.name : String(error);
}
