import { Command, CommanderError } from 'commander';
import { systemClock } from '@lockstep/server';
import { CommandError } from './command-error.js';
import { addCronCommand } from './commands/cron.js';
import { addExplainCommand } from './commands/explain.js';
import { addRunCommand } from './commands/run.js';
import { addSchemaCommand } from './commands/schema.js';
import { addServerCommands } from './commands/server.js';
import { addValidateCommand } from './commands/validate.js';
import type { CommandContext } from './context.js';
import { processTerminal } from './output/terminal.js';

/**
 * Runs the command of `argv` (as `process.argv`). Sets the exit code: 0 done, 1 the work failed, 2 asked wrongly.
 * `lockstep server` and `worker` go on until a signal ends them.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const context: CommandContext = { terminal: processTerminal(), clock: systemClock, stdin: process.stdin };
  process.stdout.on('error', endQuietlyOnClosedPipe);
  try {
    await createProgram(context).parseAsync(argv);
  } catch (error) {
    process.exitCode = exitCodeOf(error, context);
  }
}

function createProgram(context: CommandContext): Command {
  const program = new Command('lockstep')
    .description('A workflow scheduler that runs Azkaban projects.')
    .exitOverride()
    .configureHelp({ helpWidth: Math.min(context.terminal.columns, 120) })
    .showSuggestionAfterError()
    .showHelpAfterError('(lockstep --help lists the commands)');
  addServerCommands(program);
  addValidateCommand(program, context);
  addRunCommand(program, context);
  addExplainCommand(program, context);
  addCronCommand(program, context);
  addSchemaCommand(program, context);
  return program;
}

function exitCodeOf(error: unknown, { terminal }: CommandContext): number {
  // Commander has printed its sentence already; asking for help is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof CommandError) {
    if (error.message !== '') terminal.remark(error.message);
    return error.exitCode;
  }
  throw error;
}

/** `lockstep … | head` closes the pipe early: that is no failure worth a stack trace. */
function endQuietlyOnClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
}
