import { text } from 'node:stream/consumers';
import type { Command } from 'commander';
import { nextFireTimes } from '@lockstep/scheduler';
import { CommandError } from '../command-error.js';
import type { CommandContext } from '../context.js';
import { wholeNumberArgument } from '../output/whole-number-argument.js';

interface NextFlags {
  readonly zone: string;
  readonly after?: number;
  readonly count: number;
  readonly json?: boolean;
}

/** How many times a question of `--json` is answered with. */
const JSON_COUNT = 6;

/** `lockstep cron next`: when a schedule fires. */
export function addCronCommand(program: Command, context: CommandContext): void {
  program
    .command('cron')
    .description('questions about cron expressions')
    .command('next')
    .description('print when a Quartz cron expression fires next: one line of epoch milliseconds for each time')
    .argument('[expression]', 'six or seven fields, for example "0 0/15 8-17 ? * MON-FRI"')
    .option('--zone <name>', 'time zone', Intl.DateTimeFormat().resolvedOptions().timeZone)
    .option('--after <epoch ms>', 'first moment that does not count any more (default: now)', wholeNumberArgument)
    .option('--count <number>', 'how many', wholeNumberArgument, 5)
    .option(
      '--json',
      `read an array of {expression, timezone, after} from standard input, answer each with its next ${JSON_COUNT} times`,
    )
    .action((expression: string | undefined, flags: NextFlags) => next(expression, flags, context));
}

async function next(expression: string | undefined, flags: NextFlags, context: CommandContext): Promise<void> {
  if (flags.json) return answerJson(context);
  if (expression === undefined) {
    throw new CommandError('Which expression? For example: lockstep cron next "0 0 12 * * ?" --zone UTC', {
      exitCode: 2,
    });
  }
  const { zone: timezone, after = context.clock.now(), count } = flags;
  const answer = answerTo({ expression, timezone, after }, count);
  if (!answer.valid) throw new CommandError(answer.error);
  for (const time of answer.next) context.terminal.print(String(time));
  if (answer.next.length === 0) context.terminal.remark(`"${expression}" is correct but never fires after ${after}.`);
}

interface Question {
  readonly expression: string;
  readonly timezone: string;
  readonly after: number;
}

type Answer =
  { readonly valid: true; readonly next: readonly number[] } | { readonly valid: false; readonly error: string };

function answerTo({ expression, timezone, after }: Question, count: number): Answer {
  try {
    return { valid: true, next: nextFireTimes(expression, { timezone, after, count }) };
  } catch (error) {
    if (error instanceof RangeError) return { valid: false, error: error.message };
    throw error;
  }
}

async function answerJson({ stdin, terminal }: CommandContext): Promise<void> {
  const questions = parseQuestions(await text(stdin));
  terminal.print(JSON.stringify(questions.map((question) => answerTo(question, JSON_COUNT))));
}

function parseQuestions(json: string): readonly Question[] {
  const wanted =
    'Standard input must be a JSON array of {"expression": text, "timezone": text, "after": epoch milliseconds}';
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    throw new CommandError(`${wanted}; it is not JSON: ${(error as Error).message}`, { exitCode: 2, cause: error });
  }
  if (!Array.isArray(parsed)) throw new CommandError(`${wanted}.`, { exitCode: 2 });
  return parsed.map((question: unknown, position) => {
    if (isQuestion(question)) return question;
    throw new CommandError(`${wanted}; entry ${position} is ${JSON.stringify(question)}.`, { exitCode: 2 });
  });
}

function isQuestion(value: unknown): value is Question {
  if (typeof value !== 'object' || value === null) return false;
  const { expression, timezone, after } = value as Partial<Record<keyof Question, unknown>>;
  return typeof expression === 'string' && typeof timezone === 'string' && Number.isFinite(after);
}
