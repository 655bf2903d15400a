import { propertyOf, readList, splitCommand } from '@lockstep/props';
import type { JobType } from '../job-type.js';
import type { RunCommands } from '../process/run-commands.js';
import { prefixedProperties } from './prefixed-properties.js';

/**
 * Runs a Pig script by the `pig` client of this machine (`pig.client` names another), with the keys of Azkaban's Pig
 * plugin: `pig.script`, `param.<X>`, `paramfile`, `udf.import.list`, `pig.additional.jars`.
 */
export function createPigJobType({ runCommands }: { readonly runCommands: RunCommands }): JobType {
  return {
    name: 'pig',
    check: (properties) =>
      propertyOf(properties, 'pig.script') === undefined
        ? "Job set up failed: Missing required property 'pig.script'"
        : undefined,
    run: (context) => {
      const { properties } = context;
      const joined = (key: string, option: string): string[] => {
        const items = readList(properties, key, []);
        return items.length === 0 ? [] : [`-D${option}=${items.join(':')}`];
      };
      const words = [
        ...splitCommand(propertyOf(properties, 'pig.client') ?? 'pig'),
        ...joined('pig.additional.jars', 'pig.additional.jars'),
        ...joined('udf.import.list', 'udf.import.list'),
        ...prefixedProperties(properties, 'param.').flatMap(([key, value]) => ['-param', `${key}=${value}`]),
        ...readList(properties, 'paramfile', []).flatMap((file) => ['-param_file', file]),
        '-f',
        propertyOf(properties, 'pig.script') ?? '',
      ];
      return runCommands(context, [{ text: words.join(' '), words }]);
    },
  };
}
