import { propertyOf, splitCommand } from '@lockstep/props';
import type { JobType } from '../job-type.js';
import type { RunCommands } from '../process/run-commands.js';
import { prefixedProperties } from './prefixed-properties.js';

/** Keys of a spark job that are options of `spark-submit` under the same name. */
const OPTIONS = [
  'master',
  'deploy-mode',
  'class',
  'name',
  'jars',
  'packages',
  'py-files',
  'files',
  'archives',
  'queue',
  'num-executors',
  'executor-memory',
  'executor-cores',
  'driver-memory',
  'driver-cores',
  'proxy-user',
];

/**
 * Submits a Spark application by the `spark-submit` of this machine (`spark.client` names another), with the keys of
 * Azkaban's Spark plugin: the options above, `conf.<X>`, `flag.<X>` (a switch; `flag.verbose=true` is `--verbose`),
 * `execution-jar` and its `params`, split like a command.
 */
export function createSparkJobType({ runCommands }: { readonly runCommands: RunCommands }): JobType {
  return {
    name: 'spark',
    check: (properties) =>
      propertyOf(properties, 'execution-jar') === undefined
        ? "Job set up failed: Missing required property 'execution-jar'"
        : undefined,
    run: (context) => {
      const { properties } = context;
      const option = (key: string): string[] => {
        const value = propertyOf(properties, key);
        return value === undefined || value === '' ? [] : [`--${key}`, value];
      };
      const flags = prefixedProperties(properties, 'flag.').filter(([, value]) => value.toLowerCase() !== 'false');
      const words = [
        ...splitCommand(propertyOf(properties, 'spark.client') ?? 'spark-submit'),
        ...OPTIONS.flatMap(option),
        ...prefixedProperties(properties, 'conf.').flatMap(([key, value]) => ['--conf', `${key}=${value}`]),
        ...flags.map(([key]) => `--${key}`),
        propertyOf(properties, 'execution-jar') ?? '',
        ...splitCommand(propertyOf(properties, 'params') ?? ''),
      ];
      return runCommands(context, [{ text: words.join(' '), words }]);
    },
  };
}
