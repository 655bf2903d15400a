import type { Access } from '@lockstep/auth';
import type { ServiceDependencies } from './dependencies.js';
import type { ExecutionPlans } from './executions/execution-plans.js';
import type { LoadedDefinitions } from './projects/loaded-definitions.js';

/** What every use case is given. */
export interface ServiceContext extends ServiceDependencies {
  readonly access: Access;
  readonly definitions: LoadedDefinitions;
  readonly plans: ExecutionPlans;
}
