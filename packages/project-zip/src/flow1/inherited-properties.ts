import type { Properties } from '@lockstep/domain';
import { mergeProperties } from '@lockstep/props';

/**
 * The part of a property set that the loader itself looks at. Only it is carried down the chain of property files, so that
 * thousands of jobs below a long chain cost neither time nor memory for the keys nobody asks for at upload.
 */
export function loaderProperties(own: Properties, inherited: Properties): Properties {
  const keys = Object.keys(own).filter(isLoaderKey);
  if (keys.length === 0) return inherited;
  const merged = mergeProperties(inherited);
  for (const key of keys) merged[key] = own[key] ?? '';
  return merged;
}

function isLoaderKey(key: string): boolean {
  return LOADER_KEYS.has(key) || key.startsWith('job.notification.');
}

const LOADER_KEYS: ReadonlySet<string> = new Set([
  'type',
  'dependencies',
  'root.node',
  'flow.name',
  'condition',
  'Xms',
  'Xmx',
  'success.emails',
  'failure.emails',
  'notify.emails',
  'override.emails',
]);
