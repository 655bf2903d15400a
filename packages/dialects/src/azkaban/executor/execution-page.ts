import { DomainError } from '@lockstep/domain';
import type { UserExchange } from '../exchange.js';
import { PAGE_TEXTS, wording } from '../messages.js';
import { sendPlainPage } from '../pages/plain-page.js';

/** One execution: its jobs and their statuses. */
export async function executionPage(exchange: UserExchange): Promise<void> {
  const { formatTime, parameters, services, user } = exchange;
  const id = parameters.requiredInt('execid');
  try {
    const { execution, plan, current } = await services.executions.detail(user, id);
    const rows = plan.nodes.slice(1).map(({ index, nestedId, type }) => {
      const record = current[index];
      return [nestedId, type, record?.status ?? 'READY', formatTime(record?.startedAt), formatTime(record?.endedAt)];
    });
    const title = `Execution ${execution.id} of ${execution.projectName}, flow ${execution.flowId}: ${execution.status}`;
    sendPlainPage(exchange, { title, table: { head: ['Name', 'Type', 'Status', 'Start', 'End'], rows } });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    sendPlainPage(exchange, { title: 'Execution', error: wording(error, PAGE_TEXTS) });
  }
}
