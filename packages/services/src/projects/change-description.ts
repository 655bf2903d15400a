import type { Project, User } from '@lockstep/domain';
import type { ServiceContext } from '../context.js';
import { assertDescriptionFits } from './assert-description-fits.js';

/** WRITE. Throws `permission.missing` or `project.long-description`. */
export async function changeDescription(
  { access, unitOfWork, clock }: ServiceContext,
  user: User,
  { project, description }: { project: Project; description: string },
): Promise<void> {
  access.assertCan(user, 'WRITE', project);
  assertDescriptionFits(description);
  const change = { user: user.name, at: clock.now() };
  await unitOfWork.transaction(async ({ projects }) => {
    await projects.setDescription(project.id, { description, ...change });
    await projects.addEvent({
      projectId: project.id,
      ...change,
      type: 'DESCRIPTION',
      message: `Description changed to ${description}`,
    });
  });
}
