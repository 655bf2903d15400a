import type { LoadedProject } from '@lockstep/project-zip';
import { CommandError } from '../command-error.js';
import { problemLines } from '../output/problem-lines.js';
import type { Terminal } from '../output/terminal.js';

/** Throws `CommandError` with all errors of the project when Lockstep would not accept it as an upload. */
export function requireValid(loaded: LoadedProject, { colors }: Terminal): void {
  if (loaded.fatal === undefined && loaded.errors.length === 0) return;
  const errors = loaded.problems.filter(({ severity }) => severity === 'error');
  throw new CommandError(['The project has errors:', ...problemLines(errors, colors)].join('\n'));
}
