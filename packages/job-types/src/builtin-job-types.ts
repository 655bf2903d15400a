import type { JobType } from './job-type.js';
import type { RunCommands } from './process/run-commands.js';
import { createCommandJobType } from './builtin/command.js';
import { noopJobType } from './builtin/noop.js';

/** The types every installation has. A new one is a file in `builtin/` and a line here. */
export function builtinJobTypes({ runCommands }: { readonly runCommands: RunCommands }): readonly JobType[] {
  return [noopJobType, createCommandJobType({ runCommands })];
}
