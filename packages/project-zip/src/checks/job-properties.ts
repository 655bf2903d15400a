import type { Properties } from '@lockstep/domain';
import { propertyOf, readMemorySize } from '@lockstep/props';
import type { LoadSettings } from '../load-options.js';
import type { ProblemPlace, Problems } from '../problems.js';
import { checkCallbacks } from './job-callbacks.js';

export interface CheckedJob extends Pick<ProblemPlace, 'file' | 'line'> {
  /** The name shown in messages: the job in Flow 1.0, `flow:job` in Flow 2.0. */
  readonly job: string;
  /** Inherited ones included. */
  readonly properties: Properties;
}

/** Checks of Azkaban's FlowLoaderUtils.checkJobProperties: memory limits and job callbacks. */
export function checkJobProperties(
  { job, properties, ...place }: CheckedJob,
  { settings, problems }: { readonly settings: LoadSettings; readonly problems: Problems },
): void {
  const { limits } = settings;
  if (!settings.memoryCheckExempt) {
    for (const [key, limit] of [
      ['Xms', limits.maxXms],
      ['Xmx', limits.maxXmx],
    ] as const) {
      const message = memoryProblem({ job, properties, key, limit });
      if (message !== undefined) problems.error(message, place);
    }
  }
  for (const message of checkCallbacks(properties, limits)) {
    problems.error(message, { ...place, hint: `It is a callback of job "${job}".` });
  }
}

interface MemoryCheck {
  readonly job: string;
  readonly properties: Properties;
  readonly key: 'Xms' | 'Xmx';
  readonly limit: string;
}

function memoryProblem({ job, properties, key, limit }: MemoryCheck): string | undefined {
  const value = propertyOf(properties, key);
  if (value === undefined || SINGLE_REFERENCE.test(value)) return undefined;
  const limitBytes = readMemorySize({ limit }, 'limit', 0);
  try {
    if (readMemorySize(properties, key, 0) <= limitBytes) return undefined;
  } catch {
    return `${job}: ${key} value "${value}" is not a memory size; write for example 512m or 1G.`;
  }
  return `${job}: ${key} value has exceeded the allowed limit (max ${key} = ${limit})`;
}

/** Nothing but one `${name}`: the value is known only when the job runs. */
const SINGLE_REFERENCE = /^\$\{[a-zA-Z_.0-9]+\}$/;
