import type { Properties } from '@lockstep/domain';
import { propertyOf, splitCommand } from '@lockstep/props';
import type { JobType } from '../job-type.js';
import type { RunCommands } from '../process/run-commands.js';

/** Stops at the first command that fails: a job whose first line has failed should not go on, and not succeed. */
const DEFAULT_INTERPRETER = '/bin/sh -e';
/** The kernel takes no longer argument (128 KiB with its end). */
const MAX_SCRIPT_BYTES = 128 * 1024 - 1;

/**
 * Runs `script` (or `command`) by a real shell, so that pipes, globs and variables work. `shell.interpreter` is the shell
 * with its options, `/bin/sh -e` unless given; it gets `-c` and the script. Within properties `${name}` is replaced
 * before the shell sees it; write `$name` for the shell's own variables.
 */
export function createShellJobType({ runCommands }: { readonly runCommands: RunCommands }): JobType {
  return {
    name: 'shell',
    check: (properties) => {
      const script = scriptOf(properties);
      if (script === undefined) return "A job of type shell needs the property 'script' (or 'command').";
      const bytes = Buffer.byteLength(script);
      if (bytes <= MAX_SCRIPT_BYTES) return undefined;
      return `The script has ${bytes} bytes; inline it may have ${MAX_SCRIPT_BYTES}. Put it into a file of the project and run that.`;
    },
    run: (context) => {
      const script = scriptOf(context.properties) ?? '';
      const interpreter = propertyOf(context.properties, 'shell.interpreter') ?? DEFAULT_INTERPRETER;
      return runCommands(context, [
        { text: `${interpreter} -c ${script}`, words: [...splitCommand(interpreter), '-c', script] },
      ]);
    },
  };
}

function scriptOf(properties: Properties): string | undefined {
  return propertyOf(properties, 'script') ?? propertyOf(properties, 'command');
}
