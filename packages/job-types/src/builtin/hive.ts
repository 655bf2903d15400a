import type { Properties } from '@lockstep/domain';
import { propertyOf, splitCommand } from '@lockstep/props';
import type { JobType } from '../job-type.js';
import type { RunCommands } from '../process/run-commands.js';
import { prefixedProperties } from './prefixed-properties.js';

/**
 * Runs a Hive script or query by the `hive` client of this machine (`hive.client` names another, e.g. `beeline -u …`),
 * with the keys of Azkaban's Hive plugin: `hive.script`, or `azk.hive.action=execute.query` with `hive.query`,
 * `hive.query.<NN>` or `hive.query.file`; `hiveconf.<X>` and `hivevar.<X>`.
 */
export function createHiveJobType({ runCommands }: { readonly runCommands: RunCommands }): JobType {
  return {
    name: 'hive',
    check: (properties) =>
      whatToRun(properties) === undefined
        ? 'A hive job needs hive.script, or one of hive.query, hive.query.<number> and hive.query.file.'
        : undefined,
    run: (context) => {
      const { properties } = context;
      const words = [
        ...splitCommand(propertyOf(properties, 'hive.client') ?? 'hive'),
        ...prefixedProperties(properties, 'hiveconf.').flatMap(([key, value]) => ['--hiveconf', `${key}=${value}`]),
        ...prefixedProperties(properties, 'hivevar.').flatMap(([key, value]) => ['--hivevar', `${key}=${value}`]),
        ...(whatToRun(properties) ?? []),
      ];
      return runCommands(context, [{ text: words.join(' '), words }]);
    },
  };
}

function whatToRun(properties: Properties): string[] | undefined {
  const script = propertyOf(properties, 'hive.script') ?? propertyOf(properties, 'hive.query.file');
  if (script !== undefined) return ['-f', script];
  const numbered = prefixedProperties(properties, 'hive.query.')
    .filter(([number]) => /^\d+$/.test(number))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, query]) => query);
  const query = [propertyOf(properties, 'hive.query') ?? [], numbered].flat().join('\n');
  return query === '' ? undefined : ['-e', query];
}
