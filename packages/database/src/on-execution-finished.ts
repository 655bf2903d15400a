import { statusOfCode, type Status } from '@lockstep/domain';
import { CHANNEL } from './channels.js';
import type { Listener } from './listen.js';

/**
 * Calls back with each execution that ends, wherever it runs. While the connection is down none are heard: `onReconnect`
 * says when to look for oneself.
 */
export function onExecutionFinished(
  listener: Listener,
  hear: { onFinished: (execution: { executionId: number; status: Status }) => void; onReconnect?: () => void },
): Promise<() => Promise<void>> {
  return listener.listen({
    channel: CHANNEL.execution,
    onNotify: (payload) => {
      const [executionId, code] = payload.split(' ').map(Number);
      if (executionId !== undefined && code !== undefined) {
        hear.onFinished({ executionId, status: statusOfCode(code) });
      }
    },
    ...(hear.onReconnect ? { onReconnect: hear.onReconnect } : {}),
  });
}
