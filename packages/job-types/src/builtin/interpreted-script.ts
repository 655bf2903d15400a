import { MASKED, isSecretKey, propertyOf, splitCommand } from '@lockstep/props';
import type { Properties } from '@lockstep/domain';
import type { JobType } from '../job-type.js';
import type { CommandLine, RunCommands } from '../process/run-commands.js';

/** Azkaban gave these types less time than the others. */
const KILL_GRACE_MS = 5_000;

export interface InterpretedScript {
  readonly name: string;
  /** The property that names the interpreter. */
  readonly interpreterKey: string;
  /** Undefined = the property is required. */
  readonly defaultInterpreter?: string;
}

/**
 * A type that runs the file `script` by an interpreter and hands it every other property as `--key value`, as old
 * releases of Azkaban did for `python`, `ruby` and `script`.
 */
export function createInterpretedScriptJobType(
  { name, interpreterKey, defaultInterpreter }: InterpretedScript,
  { runCommands }: { readonly runCommands: RunCommands },
): JobType {
  const interpreterOf = (properties: Properties): string | undefined =>
    propertyOf(properties, interpreterKey) ?? defaultInterpreter;
  return {
    name,
    check: (properties) => {
      const missing = [
        interpreterOf(properties) === undefined && interpreterKey,
        !propertyOf(properties, 'script') && 'script',
      ];
      const [first] = missing.filter((key) => key !== false);
      return first === undefined ? undefined : `Job set up failed: Missing required property '${first}'`;
    },
    run: (context) => {
      const command = commandLine(interpreterOf(context.properties) ?? '', interpreterKey, context.properties);
      return runCommands(context, [command], { killGraceMs: KILL_GRACE_MS });
    },
  };
}

function commandLine(interpreter: string, interpreterKey: string, properties: Properties): CommandLine {
  const script = propertyOf(properties, 'script') ?? '';
  const words = [...splitCommand(interpreter), script];
  const shown = [interpreter, script];
  for (const key of Object.keys(properties)) {
    if (key === interpreterKey || key === 'script' || key === 'type') continue;
    const value = properties[key] ?? '';
    words.push(`--${key}`, value);
    shown.push(`--${key}`, isSecretKey(key) ? MASKED : value);
  }
  return { text: shown.join(' '), words };
}
