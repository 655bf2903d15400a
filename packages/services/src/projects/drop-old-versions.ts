import type { Project, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';

/**
 * Drops the zips that retention no longer covers. The upload has succeeded by then, so a failure here is only logged:
 * the next upload tries again.
 */
export async function dropOldVersions(
  { unitOfWork, clock, limits, log }: ServiceContext,
  { project, user, currentVersion }: { project: Project; user: User; currentVersion: number },
): Promise<void> {
  const keepFrom = currentVersion - limits.versionRetention;
  if (keepFrom <= 1) return;
  try {
    await unitOfWork.transaction(async ({ projects }) => {
      const dropped = await projects.dropFilesBelow(project.id, keepFrom);
      if (dropped.length === 0) return;
      await projects.addEvent({
        projectId: project.id,
        at: clock.now(),
        user: user.name,
        type: 'PURGE',
        message: `Purged versions before ${keepFrom}`,
      });
    });
  } catch (error) {
    log.warn(
      { err: error, projectId: project.id, keepFrom },
      'Old versions could not be dropped; the next upload tries again.',
    );
  }
}
