import { DomainError } from '@lockstep/domain';

const MAX_DESCRIPTION_LENGTH = 2048;

/** Throws `project.long-description`. */
export function assertDescriptionFits(description: string): void {
  if (description.length <= MAX_DESCRIPTION_LENGTH) return;
  throw new DomainError('project.long-description', { limit: MAX_DESCRIPTION_LENGTH });
}
