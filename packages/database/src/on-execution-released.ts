import { CHANNEL } from './channels.js';
import type { Listener } from './listen.js';

/** Calls back whenever an execution need not wait for others any more, and after a lost connection, when some may have. */
export function onExecutionReleased(listener: Listener, onReleased: () => void): Promise<() => Promise<void>> {
  return listener.listen({ channel: CHANNEL.released, onNotify: onReleased, onReconnect: onReleased });
}
