import type { Properties } from '@lockstep/domain';
import { CommandError } from '../command-error.js';

/** `key=value` arguments; the first `=` separates. Throws `CommandError` for one without. */
export function flowParameters(assignments: readonly string[]): Properties {
  return Object.fromEntries(
    assignments.map((assignment) => {
      const separator = assignment.indexOf('=');
      if (separator > 0) return [assignment.slice(0, separator), assignment.slice(separator + 1)];
      throw new CommandError(`"${assignment}" is no flow parameter; write key=value.`, { exitCode: 2 });
    }),
  );
}
