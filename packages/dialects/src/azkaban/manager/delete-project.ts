import { DomainError } from '@lockstep/domain';
import type { UserExchange } from '../exchange.js';
import { setFlash } from '../flash-messages.js';
import { DELETE_TEXTS, wording } from '../messages.js';
import { redirect } from '../reply.js';

/** GET `delete`: the outcome is a cookie, shown on the page it leads to; clients read either. */
export async function deleteProject(exchange: UserExchange): Promise<void> {
  const { parameters, request, response, services, user } = exchange;
  const name = parameters.required('project');
  let next = '/';
  try {
    const project = await services.projects.remove(user, name);
    setFlash(
      exchange,
      'success',
      `Project '${project.name}' was successfully deleted and associated schedules are removed.`,
    );
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    setFlash(exchange, 'failure', wording(error, DELETE_TEXTS));
    if (error.kind === 'not-allowed') next = `/manager?project=${encodeURIComponent(name)}`;
  }
  redirect(request, response, next);
}
