import type { ServiceContext } from '../context.js';
import type { WorkerDefaults } from '../dependencies.js';

const NOTHING: WorkerDefaults = { timezone: 'UTC', globalProperties: {}, pluginDefaultsOf: () => ({}) };

/** What the workers of this installation give to every job. */
export async function workerDefaultsOf({ workerDefaults }: ServiceContext): Promise<WorkerDefaults> {
  return workerDefaults === undefined ? NOTHING : workerDefaults();
}
