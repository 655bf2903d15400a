import type { Properties } from '@lockstep/domain';
import { propertyOf, splitCommand } from '@lockstep/props';
import type { JobType } from '../job-type.js';
import type { CommandLine, RunCommands } from '../process/run-commands.js';

/** A word of a template, or several that belong together and vanish when a value for them is missing. */
interface TemplateGroup {
  readonly words: readonly string[];
  readonly isOptional: boolean;
}

/**
 * A type that is one command line with gaps. The template is split like a `command`; then `{key}` stands for a property
 * of the job or, if the job has none, a private one. Words between `[` and `]` (words of their own) are left out
 * together when one of their properties is missing or empty; a missing one elsewhere fails the job.
 *
 *     lockstep.command=mytool run [ --queue {queue.name} ] --file {tool.script}
 */
export function createTemplateJobType({
  name,
  template,
  settings,
  runCommands,
}: {
  readonly name: string;
  readonly template: string;
  readonly settings: Properties;
  readonly runCommands: RunCommands;
}): JobType {
  const groups = parseTemplate(template);
  const required = new Set(groups.filter((group) => !group.isOptional).flatMap((group) => group.words.flatMap(keysIn)));
  return {
    name,
    check: (properties) => {
      const missing = [...required].find((key) => valueOf(key, properties, settings) === undefined);
      return missing === undefined ? undefined : `Job set up failed: Missing required property '${missing}'`;
    },
    run: (context) => runCommands(context, [fillIn(groups, context.properties, settings)]),
  };
}

function parseTemplate(template: string): TemplateGroup[] {
  const groups: TemplateGroup[] = [];
  let optional: string[] | undefined;
  for (const word of splitCommand(template)) {
    if (word === '[' && optional === undefined) optional = [];
    else if (word === ']' && optional !== undefined) {
      groups.push({ words: optional, isOptional: true });
      optional = undefined;
    } else if (optional !== undefined) optional.push(word);
    else groups.push({ words: [word], isOptional: false });
  }
  if (optional !== undefined) throw new Error(`lockstep.command has a "[" without a "]": ${template}`);
  if (groups.length === 0) throw new Error('lockstep.command is empty.');
  return groups;
}

function fillIn(groups: readonly TemplateGroup[], properties: Properties, settings: Properties): CommandLine {
  const words: string[] = [];
  for (const group of groups) {
    const keys = group.words.flatMap(keysIn);
    if (group.isOptional && keys.some((key) => !valueOf(key, properties, settings))) continue;
    for (const word of group.words) {
      words.push(word.replace(PLACEHOLDER, (_whole, key: string) => valueOf(key, properties, settings) ?? ''));
    }
  }
  return { text: words.join(' '), words };
}

/** `{some.key}` */
const PLACEHOLDER = /\{([\w.-]+)\}/g;

function keysIn(word: string): string[] {
  return [...word.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

function valueOf(key: string, properties: Properties, settings: Properties): string | undefined {
  return propertyOf(properties, key) ?? propertyOf(settings, key);
}
