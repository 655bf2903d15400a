import { DomainError } from '@lockstep/domain';
import type { UserExchange } from '../exchange.js';
import { CREATE_TEXTS, wording } from '../messages.js';
import { sendCompactJson } from '../reply.js';

/** POST `action=create`. */
export async function createProject({ parameters, response, services, user }: UserExchange): Promise<void> {
  const name = parameters.get('name')?.trim() ?? '';
  const description = parameters.get('description')?.trim() ?? '';
  try {
    await services.projects.create(user, { name, description });
    sendCompactJson(response, { path: `manager?project=${name}`, action: 'redirect', status: 'success' });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    sendCompactJson(response, { message: wording(error, CREATE_TEXTS), status: 'error' });
  }
}
