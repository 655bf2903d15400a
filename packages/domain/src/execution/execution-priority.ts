import type { ExecutionOptions } from './execution-options.js';

/** Azkaban's default of the flow parameter `flowPriority`. */
const DEFAULT_PRIORITY = 5;
const LIMIT = 1_000_000;

/** Who is taken first when executions wait: higher numbers. Anything but an integer counts as the default. */
export function priorityOf(options: Pick<ExecutionOptions, 'flowParameters'>): number {
  const text = options.flowParameters['flowPriority']?.trim() ?? '';
  // An integer of at most nine digits, with a sign or without.
  if (!/^[+-]?\d{1,9}$/.test(text)) return DEFAULT_PRIORITY;
  return Math.max(-LIMIT, Math.min(LIMIT, Number(text)));
}
