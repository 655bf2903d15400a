import type { Properties } from '@lockstep/domain';
import { propertyOf, splitCommand } from '@lockstep/props';
import type { JobType } from '../job-type.js';
import type { CommandLine, RunCommands } from '../process/run-commands.js';

/** Runs `command`, then `command.1`, `command.2` … up to the first missing number, each without a shell. */
export function createCommandJobType({ runCommands }: { readonly runCommands: RunCommands }): JobType {
  return {
    name: 'command',
    // Azkaban's sentence.
    check: (properties) =>
      propertyOf(properties, 'command') === undefined
        ? "Job set up failed: Missing required property 'command'"
        : undefined,
    run: (context) => runCommands(context, commandsOf(context.properties)),
  };
}

function commandsOf(properties: Properties): CommandLine[] {
  const commands: CommandLine[] = [];
  for (let number = 0; ; number++) {
    const text = propertyOf(properties, number === 0 ? 'command' : `command.${number}`);
    if (text === undefined) return commands;
    commands.push({ text, words: splitCommand(text) });
  }
}
