import type { Properties } from '@lockstep/domain';
import { listOf, mapOf, properties, text, texts, wholeNumber } from './schema-shapes.js';
import type { KeysOf } from './schema-shapes.js';

/** A `.flow` file or a node of it, as written; what is absent or null is undefined. */
export interface FlowBean {
  readonly line: number;
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly config: Properties | undefined;
  readonly dependsOn: readonly string[] | undefined;
  readonly condition: string | undefined;
  readonly nodes: readonly FlowBean[] | undefined;
  readonly trigger: TriggerBean | undefined;
}

export interface TriggerBean {
  readonly line: number;
  readonly maxWaitMins: number | undefined;
  readonly schedule: Properties | undefined;
  readonly triggerDependencies: readonly TriggerDependencyBean[] | undefined;
}

export interface TriggerDependencyBean {
  readonly line: number;
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly params: Properties | undefined;
}

/*
 * These tables say which keys a `.flow` file may have and what each takes. Reading a file and the JSON Schema for editors both
 * follow them; a key added to a bean and not to its table does not compile.
 */

const TRIGGER_DEPENDENCY_KEYS: KeysOf<TriggerDependencyBean> = {
  name: text('Name of the dependency, unique in the trigger.'),
  type: text('Kind of dependency: the name of a trigger plugin.'),
  params: properties('What the plugin needs to know. No two dependencies may have equal type and params.'),
};

const TRIGGER_KEYS: KeysOf<TriggerBean> = {
  maxWaitMins: wholeNumber(
    'Minutes to wait for the dependencies, at least 1; more than 14400 (10 days) counts as 14400.',
    // Checked where all of the trigger is known, in Azkaban's words.
    { minimum: 1 },
  ),
  schedule: properties(
    'When to look for the dependencies: `type: cron` and `value`, a Quartz expression with 0 seconds.',
    {
      known: {
        type: { description: 'Always cron.', schema: { const: 'cron' } },
        value: { description: 'For example 0 30 3 ? * * for 3:30 every day.', schema: { pattern: '^\\s*0\\s' } },
      },
      closed: true,
    },
  ),
  triggerDependencies: listOf('Everything that must be there before the flow starts.', () => ({
    name: 'triggerDependency',
    keys: TRIGGER_DEPENDENCY_KEYS,
  })),
};

export const FLOW_KEYS: KeysOf<FlowBean> = {
  name: text('Name of the node, unique among its siblings, not ROOT. The flow of a file is named by the file.'),
  type: text('Job type, or flow for an embedded flow.'),
  config: properties('Properties; single values only, kept exactly as written.', {
    known: {
      'failure.action': {
        description: 'What happens to the other jobs when one has failed (of the file only).',
        schema: {
          pattern:
            '^([Ff][Ii][Nn][Ii][Ss][Hh]_([Cc][Uu][Rr][Rr][Ee][Nn][Tt][Ll][Yy]_[Rr][Uu][Nn][Nn][Ii][Nn][Gg]|[Aa][Ll][Ll]_[Pp][Oo][Ss][Ss][Ii][Bb][Ll][Ee])|[Cc][Aa][Nn][Cc][Ee][Ll]_[Aa][Ll][Ll])$',
        },
      },
      'failure.emails': { description: 'Addresses to mail on failure, separated by commas (of the file only).' },
      'success.emails': { description: 'Addresses to mail on success, separated by commas (of the file only).' },
      'notify.emails': { description: 'Addresses added to both lists (of the file only).' },
      retries: { description: 'Further attempts after a failure.' },
      'retry.backoff': { description: 'Milliseconds to wait before each further attempt.' },
      'flow.timeout': { description: 'The run is killed after this time, for example 2h (of the file only).' },
      'job.timeout': { description: 'An attempt fails after this time, for example 90s, 30m or 2h.' },
      'job.succeed.on.failure': { description: 'true: a failure of this job ends it as FAILED_SUCCEEDED.' },
      'on.worker.loss': {
        description: 'What happens when the worker is lost: retry or fail; default: what retries says.',
      },
      'working.dir': { description: 'Where the job runs; default: the root of the project.' },
      command: { description: 'Command line of a job of type command; command.1, command.2 … follow it.' },
      script: { description: 'Script of a job of type shell, python, ruby or script.' },
    },
  }),
  dependsOn: texts('Names of siblings that must be done before.'),
  condition: text('When to run, for example: one_success && ${other:rows} > 0'),
  nodes: listOf('The nodes of a flow.', () => ({ name: 'node', keys: FLOW_KEYS })),
  trigger: mapOf('Starts the flow of the file by time and by dependencies.', () => ({
    name: 'trigger',
    keys: TRIGGER_KEYS,
  })),
};
