import { DomainError } from '@lockstep/domain';
import type { UserExchange } from '../exchange.js';
import { PAGE_TEXTS, wording } from '../messages.js';
import { sendPlainPage } from '../pages/plain-page.js';

/** A project's page: its flows. */
export async function projectPage(exchange: UserExchange): Promise<void> {
  const { parameters, services, user } = exchange;
  const name = parameters.required('project');
  try {
    const project = await services.projects.find(name);
    services.projects.assertCan(user, 'READ', project);
    const { flows } = await services.projects.definition(user, project);
    const rows = Object.values(flows)
      .filter(({ embedded }) => !embedded)
      .map(({ id, nodes }) => [
        { text: id, href: `/manager?project=${encodeURIComponent(name)}&flow=${encodeURIComponent(id)}` },
        String(nodes.length),
      ]);
    sendPlainPage(exchange, { title: `Project ${project.name}`, table: { head: ['Flow', 'Jobs'], rows } });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    sendPlainPage(exchange, { title: 'Project', error: wording(error, PAGE_TEXTS) });
  }
}
