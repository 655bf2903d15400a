import { createAccess, type Access } from '@lockstep/auth';
import type { ServiceDependencies } from './dependencies.js';
import { createExecutionPlans, type ExecutionPlans } from './executions/execution-plans.js';
import { createLoadedDefinitions, type LoadedDefinitions } from './projects/loaded-definitions.js';

/** What every use case is given. */
export interface ServiceContext extends ServiceDependencies {
  readonly access: Access;
  readonly definitions: LoadedDefinitions;
  readonly plans: ExecutionPlans;
}

export function createContext(dependencies: ServiceDependencies): ServiceContext {
  const { stores, users, log, limits } = dependencies;
  const definitions = createLoadedDefinitions({ projects: stores.projects, maxBytes: limits.definitionCacheBytes });
  return {
    ...dependencies,
    access: createAccess({ findRole: users.findRole, log }),
    definitions,
    plans: createExecutionPlans({ definitions, jobThreads: limits.jobThreadsDefault }),
  };
}
