import { UNFINISHED_EXECUTION_STATUSES } from '@lockstep/domain';
import type { UserExchange } from '../exchange.js';
import { sendPlainPage } from '../pages/plain-page.js';

const MAX_ROWS = 500;

/** Executions that have not ended, newest first. */
export async function executionsPage(exchange: UserExchange): Promise<void> {
  const { formatTime, services } = exchange;
  const running = await services.executions.list(
    { statuses: UNFINISHED_EXECUTION_STATUSES },
    { start: 0, length: MAX_ROWS },
  );
  const rows = running.map((execution) => [
    { text: String(execution.id), href: `/executor?execid=${execution.id}` },
    execution.flowId,
    execution.projectName,
    execution.submitUser,
    formatTime(execution.startedAt),
    execution.status,
  ]);
  const head = ['Execution Id', 'Flow', 'Project', 'User', 'Start Time', 'Status'];
  sendPlainPage(exchange, { title: 'Executing Flows', table: { head, rows } });
}
