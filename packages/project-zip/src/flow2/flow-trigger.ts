import type { FlowTrigger, Properties } from '@lockstep/domain';
import { YamlFileError } from '../yaml/yaml-file-error.js';
import type { TriggerBean, TriggerDependencyBean } from './flow2-schema.js';

/** Checks a trigger in Azkaban's order and words; the first failure is thrown as YamlFileError. */
export function readTrigger(trigger: TriggerBean, isQuartzCron: (text: string) => boolean): FlowTrigger {
  const cron = checkSchedule(trigger, isQuartzCron);
  const dependencies = trigger.triggerDependencies ?? [];
  checkDependencies(dependencies);
  const maxWaitMinutes = checkMaxWait(trigger, dependencies.length);
  return {
    cron,
    ...(maxWaitMinutes === undefined ? {} : { maxWaitMinutes }),
    dependencies: dependencies.map(({ name = '', type = '', params = {} }) => ({ name, type, params })),
  };
}

function checkSchedule({ schedule, line }: TriggerBean, isQuartzCron: (text: string) => boolean): string {
  check(schedule !== undefined, 'flow trigger schedule must not be null', line);
  check(schedule?.['type'] === 'cron', 'flow trigger schedule type must be cron', line);
  const cron = schedule?.['value'] ?? '';
  check(isQuartzCron(cron), 'flow trigger schedule value must be a valid cron expression', line);
  check(/^\s*0\s/.test(cron), 'interval of flow trigger schedule has to be larger than 1 min', line);
  check(Object.keys(schedule ?? {}).length === 2, 'flow trigger schedule must contain type and value only', line);
  return cron;
}

function checkDependencies(dependencies: readonly TriggerDependencyBean[]): void {
  for (const { name, type, line } of dependencies) {
    check(isGiven(name), 'dependency name is required', line);
    check(isGiven(type), `dependency type is required for ${name}`, line);
  }
  const names = new Set<string | undefined>();
  for (const { name, line } of dependencies) {
    check(!names.has(name), `duplicate dependency.name ${name} found, dependency.name should be unique`, line);
    names.add(name);
  }
  const configs = new Map<string, string>();
  for (const { name = '', type, params = {}, line } of dependencies) {
    const config = JSON.stringify([type, sortedEntries(params)]);
    // Azkaban names the first of the equal ones.
    const twin = configs.get(config);
    check(twin === undefined, `duplicate dependencyconfig ${twin} found, dependency config should be unique`, line);
    configs.set(config, name);
  }
}

function checkMaxWait({ maxWaitMins, line }: TriggerBean, dependencyCount: number): number | undefined {
  const needed = dependencyCount > 0;
  check(!needed || maxWaitMins !== undefined, 'max wait min cannot be null unless no dependency is defined', line);
  check(maxWaitMins === undefined || maxWaitMins >= 1, 'max wait min must be at least 1 min(s)', line);
  return needed && maxWaitMins !== undefined ? Math.min(maxWaitMins, LONGEST_WAIT_MINUTES) : undefined;
}

/** Ten days; longer waits are cut without a word, as in Azkaban. */
const LONGEST_WAIT_MINUTES = 14_400;

function check(holds: boolean, message: string, line: number): void {
  if (!holds) throw new YamlFileError(message, line);
}

function isGiven(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}

function sortedEntries(params: Properties): readonly (readonly [string, string])[] {
  return Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
}
