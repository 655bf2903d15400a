import { join } from 'node:path';
import type { UserDirectory } from '@lockstep/auth';
import { createFollowUps } from '@lockstep/services';
import type { Stoppable } from '../shutdown.js';
import type { Core } from './core.js';
import { startFollowUpLoop } from './follow-up-loop.js';
import { serviceDependencies } from './service-dependencies.js';

/** The scheduler's part that looks at executions that have ended. */
export function startFollowUps(
  core: Core,
  { users, sweepEveryMs }: { users: UserDirectory; sweepEveryMs: number },
): Stoppable {
  const tempDir = join(core.config.dataDir, 'uploads');
  const followUps = createFollowUps(serviceDependencies(core, { users, tempDir }));
  return startFollowUpLoop({ followUps, onEnded: core.onEnded, log: core.log, sweepEveryMs });
}
