import type { WorkerDefaults } from '@lockstep/services';
import type { Core } from './core.js';
import { readGlobalProperties } from './read-global-properties.js';

/**
 * What workers with the settings of this process give to every job. The plugin folder is read when somebody asks for
 * the first time: most web servers are never asked.
 */
export function workerDefaultsOf(
  { config, timezone }: Pick<Core, 'config' | 'timezone'>,
  { webServerUrl }: { webServerUrl: string | undefined },
): () => Promise<WorkerDefaults> {
  let reading: Promise<WorkerDefaults> | undefined;
  const read = async (): Promise<WorkerDefaults> => {
    const { createJobTypes } = await import('@lockstep/job-types');
    const jobTypes = await createJobTypes({ pluginDir: config.jobTypePluginDir });
    return {
      timezone,
      ...(webServerUrl !== undefined && { webServerUrl }),
      globalProperties: readGlobalProperties(config.globalProperties),
      pluginDefaultsOf: (type) => jobTypes.defaultsOf(type),
    };
  };
  return () => {
    reading ??= read().catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
}
